import assert from 'node:assert/strict';
import { aWorld, type SyncOptions, type World, type WorldOptions } from '../support/world.js';

/** A run that has to fail, in any kind of world. */
export interface Refusal<TWorld = World, TWorldOptions = WorldOptions, TSyncOptions = SyncOptions> {
  title: string;
  world?: TWorldOptions;
  prepare?: (world: TWorld) => unknown;
  inputs?: Record<string, string>;
  options?: TSyncOptions;
  message: RegExp;
}

export const prod = { project: 'shop', environment: 'prod' };

/** A story for each: the run fails with that message, and the group is as it was. */
export function tellWhy(refusals: readonly Refusal[]): void {
  for (const { title, world: options, prepare, inputs, options: given, message } of refusals) {
    it(`says why, fails and changes nothing: ${title}`, async () => {
      const world = await aWorld(options);
      try {
        await prepare?.(world);
        const before = [world.ado.group('Shop', 'shop-prod'), world.ado.variables('Shop', 'shop-prod')];

        const step = await world.sync(inputs, given);

        assert.equal(step.result, 'Failed');
        assert.deepEqual(
          step.issues.map(({ type }) => type),
          ['error'],
        );
        assert.match(step.issues[0]?.message ?? '', message);
        assert.deepEqual(
          [world.ado.group('Shop', 'shop-prod'), world.ado.variables('Shop', 'shop-prod')],
          before,
        );
        assert.deepEqual([step.exitCode, step.completions], [0, ['']]);
        assert.match(step.summaries.at(-1)?.content ?? '', /^## ❌ Failed/);
      } finally {
        await world.close();
      }
    });
  }
}
