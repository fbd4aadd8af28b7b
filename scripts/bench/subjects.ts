import { join } from 'node:path';
import { build } from 'esbuild';
import { packages, root, unpacked } from '../shared/paths.js';

/** A process that is measured. */
export interface Subject {
  title: string;
  arguments: readonly string[];
  /** What is different in its environment. */
  environment?: Readonly<Record<string, string>>;
  /** What its output holds when it did its work. */
  succeeded: RegExp;
}

const folder = join(packages, 'bench/subjects');
export const atExitScript = join(folder, 'at-exit.js');
const script = (name: string): string[] => [join(folder, `${name}.js`)];
const synced = /^Synced \d+ secrets\.$/m;

export const bareNode: Subject = { title: 'bare Node', arguments: ['-e', '0'], succeeded: /^$/ };
export const httpsFloor: Subject = {
  title: 'Node, `https`, one request',
  arguments: script('https-floor'),
  succeeded: /^$/,
};
export const plainSync: Subject = {
  title: 'plain sync: no dependency, no check',
  arguments: script('plain-sync'),
  succeeded: synced,
};
export const task: Subject = {
  title: 'this task',
  arguments: [join(unpacked, 'tasks/InfisicalSecretSync/index.js')],
  // Every secret is written in every run, as the others do it.
  environment: { INPUT_DETECTCHANGES: 'false' },
  succeeded: ended('synced'),
};
/** In a group of its own: one that others write would have to be written again. */
export const unchangedTask: Subject = {
  ...task,
  title: 'this task, when nothing has changed',
  environment: { INPUT_DETECTCHANGES: 'true', INPUT_VARIABLEGROUP: 'shop-prod-remembered' },
  succeeded: ended('unchanged'),
};
export const sdkSync: Subject = {
  title: '@infisical/sdk + azure-devops-node-api',
  arguments: script('sdk-sync'),
  succeeded: synced,
};
export const sdkPerVariable: Subject = {
  title: 'the same, one update per variable',
  arguments: script('sdk-per-variable'),
  succeeded: synced,
};

function ended(status: string): RegExp {
  return new RegExp(
    `variable=syncStatus[^\\]]*\\]${status}$[^]*^##vso\\[task\\.complete result=Succeeded;\\]$`,
    'm',
  );
}

/** Translates the scripts beside the task; unbundled, as somebody would write them. */
export async function buildSubjects(): Promise<void> {
  const names = ['at-exit', 'https-floor', 'plain-sync', 'sdk-sync', 'sdk-per-variable', 'access', 'clients'];
  await build({
    entryPoints: names.map((name) => join(root, `scripts/bench/subjects/${name}.ts`)),
    outdir: folder,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  });
}
