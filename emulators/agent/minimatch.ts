import { createRequire } from 'node:module';

type Matches = (text: string, glob: string, options: { nocase: boolean }) => boolean;

/** The agent's globs are a port of minimatch; this is the original, which task-lib brings along. */
const original = createRequire(createRequire(__filename).resolve('azure-pipelines-task-lib/task'))(
  'minimatch',
) as Matches;

export function minimatch(text: string, glob: string): boolean {
  return original(text, glob, { nocase: true });
}
