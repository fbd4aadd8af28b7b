import { SecretValue } from './secret-value.js';

/** Shorter forms are left alone: a group full of `1` and `true` must not star out the rest of the job's log. */
export const shortestMask = 4;

/**
 * The forms of a group's value that the agent has to know, because any of them may turn up in a later log line:
 * the value, its trimmed form and each of its lines. The agent matches a multi-line literal only as a whole,
 * so a key printed line by line would show without its lines.
 */
export function maskForms(values: Iterable<SecretValue>): SecretValue[] {
  const forms = new Set<string>();
  for (const value of values) {
    const text = value.reveal();
    const lines = text.split(/[\r\n]+/);
    for (const form of [text, text.trim(), ...lines, ...lines.map((line) => line.trim())]) {
      if (form.length >= shortestMask && form.trim() !== '') forms.add(form);
    }
  }
  return [...forms].map((form) => new SecretValue(form));
}
