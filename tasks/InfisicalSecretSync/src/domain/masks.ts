import { SecretValue } from './secret-value.js';
import { wireForm } from './wire-form.js';

/** Shorter forms are left alone: a group full of `1` and `true` must not star out the rest of the job's log. */
export const shortestMask = 4;

/**
 * The forms of a value that stays in the job, each of which the agent or a script may print: those of a group's value,
 * the value itself however short, since the agent masks it anyway, its form in a logging command, which the agent
 * repeats when it refuses one, and base64, as headers and keys are passed on.
 */
export function runMaskForms(values: Iterable<SecretValue>, decodesPercents: boolean): SecretValue[] {
  const forms = new Set<string>();
  const all = [...values];
  for (const value of all) {
    const text = value.reveal();
    if (text.trim() === '') continue;
    forms.add(text).add(wireForm(text, decodesPercents));
    // Without the padding it is found with and without it.
    if (text.length >= shortestMask) forms.add(Buffer.from(text).toString('base64').replaceAll('=', ''));
  }
  const rest = maskForms(all).map((form) => form.reveal());
  return [...new Set([...forms, ...rest])].map((form) => new SecretValue(form));
}

/**
 * The forms of a group's value that the agent has to know, because any of them may turn up in a later log line:
 * the value, its trimmed form and each of its lines. The agent matches a multi-line literal only as a whole,
 * so a key printed line by line would show without its lines.
 */
export function maskForms(values: Iterable<SecretValue>): SecretValue[] {
  const forms = new Set<string>();
  for (const value of values) {
    const text = value.reveal();
    const lines = text.split(/[\r\n]/);
    for (const form of [text, text.trim(), ...lines, ...lines.map((line) => line.trim())]) {
      if (form.length >= shortestMask && form.trim() !== '') forms.add(form);
    }
  }
  return [...forms].map((form) => new SecretValue(form));
}
