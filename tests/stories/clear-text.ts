import assert from 'node:assert/strict';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { canary } from '../support/world.js';

/** Values go out in commands that mask or set them, and in no other line: the masker has nothing to hide. */
export function refuseClearText({ raw }: FinishedStep): void {
  const forms = Object.values(canary).flatMap((value) => [
    ...value.split('\n').filter((line) => line.length > 8),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
  ]);
  const lines = raw.filter(
    (line) => !/^##vso\[task\.(?:setsecret|setvariable [^\]]*issecret=true[^\]]*)\]/.test(line),
  );
  const shown = lines.filter((line) => forms.some((form) => line.includes(form)));
  assert.equal(shown.length, 0, 'a value stands in the clear in what the task prints');
}
