import { AssertionError } from 'node:assert';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { StepRecord } from './step-record.js';

const shortestLine = 8;

/**
 * Fails a step that shows a canary anywhere a person or another program could see it, masked places and unmasked
 * ones. The message never holds the canary itself.
 * @throws AssertionError
 */
export function refuseLeaks(canaries: readonly string[], step: StepRecord): void {
  const places = placesOf(step);
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

type Place = [name: string, text: string];

function placesOf(step: StepRecord): Place[] {
  const files = [
    ...step.summaries,
    ...step.attachments,
    ...step.artifacts.flatMap((artifact) => artifact.files),
  ];
  const values: [string, Record<string, string>][] = [
    ['output variable', shownOutputs(step)],
    ['task variable', step.taskVariables],
  ];
  return [
    ['the log', step.log.join('\n')],
    ...step.log.map((line, index): Place => [`log line ${String(index + 1)}`, line]),
    ...step.issues.flatMap(({ message, data }): Place[] => [
      ['an issue', message],
      ...Object.values(data).map((value): Place => ['the data of an issue', value]),
    ]),
    ...step.progress.map(({ operation }): Place => ['the progress text', operation]),
    ...step.completions.map((text): Place => ['the completion text', text]),
    ...step.artifacts.map(({ name, data }): Place => ['an artifact', `${name}\n${data}`]),
    ...step.telemetry.map((text): Place => ['telemetry', text]),
    ...step.metadata.map((text): Place => ['a build number, tag or release name', text]),
    ...files.flatMap(({ name, content }): Place[] => [
      ['the name of a file', name],
      [`file ${name}`, content],
    ]),
    ...values.flatMap(([kind, table]) =>
      Object.entries(table).flatMap(([name, value]): Place[] => [
        ['the name of a variable', name],
        [`${kind} ${name}`, value],
      ]),
    ),
    ...Object.values(step.outputs)
      .filter(isFile)
      .map((path): Place => ['a reported file', readFileSync(path, 'utf8')]),
  ];
}

function shownOutputs({ outputs, secretOutputs }: StepRecord): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !secretOutputs.has(name)));
}

/**
 * Uploads are queued, and what is deleted before their turn is lost without a word.
 * @throws AssertionError when a step has deleted a file that it had asked the agent to upload
 */
export function refuseLostUploads(step: StepRecord): void {
  const lost = [...step.summaries, ...step.attachments].find(({ path }) => !existsSync(path));
  if (lost !== undefined)
    throw new AssertionError({ message: `file ${lost.name} was deleted before the agent could upload it` });
}

/** A canary, its lines, and what base64, JSON and URLs make of it. */
export function formsOf(canary: string): string[] {
  const lines = canary.split(/\r\n|\r|\n/).filter((line) => line.trim().length >= shortestLine);
  const base64 = Buffer.from(canary).toString('base64').replace(/=+$/, '');
  return [
    ...new Set([canary, ...lines, base64, JSON.stringify(canary).slice(1, -1), encodeURIComponent(canary)]),
  ];
}

function isFile(path: string): boolean {
  return path.length < 1_000 && /[\\/]/.test(path) && existsSync(path) && statSync(path).isFile();
}
