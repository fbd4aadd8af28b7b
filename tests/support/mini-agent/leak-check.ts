import { AssertionError } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import type { StepRun } from './step-run.js';

const shortestLine = 8;

/**
 * Fails a step that shows a canary anywhere a person or another program could see it. The message never holds the
 * canary itself.
 * @throws AssertionError
 */
export function refuseLeaks(canaries: readonly string[], step: StepRun): void {
  const places: [string, string][] = [
    ['the log', step.log.join('\n')],
    ...step.log.map((line, index): [string, string] => [`log line ${String(index + 1)}`, line]),
    ...step.issues.map(({ message, data }): [string, string] => [
      'an issue',
      `${message}\n${JSON.stringify(data)}`,
    ]),
    ...step.progress.map(({ operation }): [string, string] => ['the progress text', operation]),
    ...step.completions.map((text): [string, string] => ['the completion text', text]),
    ...[...step.summaries, ...step.attachments].map(({ name, content }): [string, string] => [
      `file ${name}`,
      content,
    ]),
    ...Object.entries(step.outputs).map(([name, value]): [string, string] => [
      `output variable ${name}`,
      value,
    ]),
    ...Object.values(step.outputs)
      .filter(isFile)
      .map((path): [string, string] => ['a reported file', readFileSync(path, 'utf8')]),
  ];
  canaries.forEach((canary, index) => {
    for (const form of formsOf(canary)) {
      const found = places.find(([, text]) => text.includes(form));
      if (found === undefined) continue;
      throw new AssertionError({
        message: `canary ${String(index + 1)} of ${String(canaries.length)} (${String(canary.length)} characters) shows in ${found[0]}`,
      });
    }
  });
}

/** A canary, its lines, and what base64 and JSON make of it. */
function formsOf(canary: string): string[] {
  const lines = canary.split(/\r\n|\r|\n/).filter((line) => line.trim().length >= shortestLine);
  const base64 = Buffer.from(canary).toString('base64').replace(/=+$/, '');
  return [
    ...new Set([canary, ...lines, base64, JSON.stringify(canary).slice(1, -1), encodeURIComponent(canary)]),
  ];
}

function isFile(path: string): boolean {
  return path.length < 1_000 && /[\\/]/.test(path) && existsSync(path);
}
