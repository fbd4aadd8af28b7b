import { appendFileSync } from 'node:fs';

/**
 * For `before`: skips all tests of the suite. `npm test` shows the reasons at the end; what runs tests otherwise gets
 * them at once.
 */
export function skip(context: Mocha.Context, reason: string): never {
  const suite = context.test?.parent;
  const file = process.env['SKIPPED_FILE'];
  if (file === undefined) console.log(`      skipped: ${reason}`);
  else appendFileSync(file, `${String(suite?.total() ?? 1)}\t${reason}\n`);
  context.skip();
}
