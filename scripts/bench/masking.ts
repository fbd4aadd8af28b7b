import { Masker } from '../../emulators/agent/masker.js';
import { nowMs } from './clock.js';

export interface MaskingFigure {
  masks: number;
  microsecondsPerLine: number;
}

const line = `2026-01-01T00:00:00.0000000Z npm info run some-package@1.2.3 install node_modules/some-package`;
const lines = 200;

/** What a later log line of 90 characters costs an agent that knows so many values. */
export function measureMasking(): MaskingFigure[] {
  return [50, 1_000, 5_000].map((masks) => {
    const masker = new Masker();
    for (let index = 0; index < masks; index += 1) masker.add(`value-${String(index)}-${'k7Q'.repeat(12)}`);
    for (let warmUp = 0; warmUp < lines; warmUp += 1) masker.mask(line);
    const startMs = nowMs();
    for (let count = 0; count < lines; count += 1) masker.mask(line);
    return { masks, microsecondsPerLine: ((nowMs() - startMs) / lines) * 1_000 };
  });
}
