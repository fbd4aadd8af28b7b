import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { root } from '../shared/paths.js';

/** What is mutated, which tests have to notice, and how many of the mutants they have to kill. */
export interface Suite {
  name: string;
  /** Below the sources of the task. */
  mutate: readonly string[];
  tests: readonly string[];
}

export const sources = 'tasks/InfisicalSecretSync/src';

/** What the adapters decide by themselves; the rest of them talks, and integration tests and stories listen. */
const pureParts = [
  'agent/{commands,network,old-issuer,passwords}.ts',
  'http/{address,body,json,jwt-claims,no-answer,no-proxy,path-segment,retry-timing,row-schemas}.ts',
  'entra/{federation,managed-refusals,token-refusals}.ts',
  'infisical/{azure-login-refusals,login-refusals,read-refusals,record-key,refusals,schema,sync-refusals}.ts',
  'azure-devops/{api-version,collection,modified-on,read-back,refusals,schema,variables}.ts',
  'azure-devops/group/{group-body,group-check,group-refusals}.ts',
];

/**
 * A rule is held where it stands: what kills a mutant of `domain/` is a unit test of `domain/`, not a whole run of the
 * task that happens to pass by.
 */
export const suites: readonly Suite[] = [
  {
    name: 'domain',
    mutate: ['domain/**/*.ts'],
    // The tests that take seconds hold costs, and what several rules are worth together.
    tests: ['tests/unit/domain/**/!(growth|histories).test.ts'],
  },
  { name: 'config', mutate: ['config/**/*.ts'], tests: ['tests/unit/{config,form}/**/*.test.ts'] },
  { name: 'sync', mutate: ['sync/**/*.ts'], tests: ['tests/unit/sync/**/*.test.ts'] },
  {
    name: 'adapters',
    mutate: pureParts.map((path) => `adapters/${path}`),
    tests: [
      'tests/unit/{adapters,wiring}/**/*.test.ts',
      'tests/integration/{group-record,read-back}.test.ts',
    ],
  },
];

/** In percent: where data could be lost or shown, no mutant may survive. */
export function goalOf(path: string): number {
  return /^(?:domain\/|sync\/(?:converge|reading)\.ts)/.test(path) ? 100 : 90;
}

/**
 * The files of a suite that somebody chose.
 * @param chosen paths or globs from the root, each with a range of lines or without: `…/guard.ts:10-20`
 */
export function filesOf({ mutate }: Suite, chosen: readonly string[]): string[] {
  const files = readdirSync(join(root, sources), { recursive: true, encoding: 'utf8' })
    .filter((path) => mutate.some((glob) => picomatch.isMatch(path, glob)))
    .map((path) => `${sources}/${path}`);
  return chosen.flatMap((one) => {
    const [, glob = '', range = ''] = /^(.*?)(:\d+-\d+)?$/.exec(one) ?? [];
    return files.filter((path) => picomatch.isMatch(path, glob)).map((path) => path + range);
  });
}
