import * as fc from 'fast-check';
import type { CurrentDestination } from '#task/domain/destination-plan.js';
import { noGroup, plainVariable } from './builders.js';
import { runOnce, type ModelSync, type Ran } from './history.js';

/** What happens to a group over time: up to five syncs, each change that people make to one of them, and people. */

export type Step =
  | { kind: 'run'; sync: number }
  | { kind: 'overwrite'; sync: number }
  | { kind: 'remove'; sync: number }
  | { kind: 'set' | 'unset'; sync: number; key: string }
  | { kind: 'rename'; sync: number; environment: string }
  | { kind: 'schema'; sync: number; schema: string }
  | { kind: 'edit mark'; line: number; how: 'delete' | 'shorten' | 'spoil' | 'text' }
  | { kind: 'by hand'; name: string };

/** Sources whose slugs meet, so that only exact names keep them apart. */
const sources = [
  { project: 'web-eu', environment: 'prod', secretPath: '/' },
  { project: 'web', environment: 'eu-prod', secretPath: '/' },
  { project: 'web', environment: 'prod', secretPath: '/api/v1' },
  { project: 'web', environment: 'prod', secretPath: '/api-v1' },
  { project: 'web', environment: 'prod', secretPath: '/API-v1' },
];
const schemas = [
  '',
  'A_{{secretKey}}',
  'a_B_{{secretKey}}',
  'A_B_{{secretKey}}_C',
  '{{secretKey}}_C',
  '{{environment}}-{{secretKey}}',
  'D_{{secretKey}}',
];
const keys = ['X', 'Y', 'B_X', 'eu-X', 'X_C'];
const index = fc.nat({ max: 4 });
const key = fc.constantFrom(...keys);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('run' as const), sync: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('overwrite' as const), sync: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), sync: index }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('set' as const, 'unset' as const), sync: index, key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), sync: index, environment: fc.constantFrom('prod', 'prod-eu', 'eu-prod', 'dev') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('schema' as const), sync: index, schema: fc.constantFrom(...schemas) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('edit mark' as const), line: index, how: fc.constantFrom('delete' as const, 'shorten' as const, 'spoil' as const, 'text' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('by hand' as const), name: fc.constantFrom('A_HAND', 'A_B_HAND', 'HAND_C', 'HAND', 'prod-HAND') }) },
); // prettier-ignore
const syncs = fc
  .tuple(fc.shuffledSubarray(sources, { minLength: 1 }), fc.array(fc.constantFrom(...schemas), { minLength: 5, maxLength: 5 }))
  .map(([chosen, schemasOf]) =>
    chosen.map((source, i): ModelSync => ({ ...source, schema: schemasOf[i] ?? '', secrets: new Map() })),
  ); // prettier-ignore
export const history = fc.record({ syncs, steps: fc.array(step, { maxLength: 30 }) });

/** A group and its syncs, in memory. */
export class Stage {
  group: CurrentDestination = noGroup;
  readonly #syncs: ModelSync[];
  #round = 0;

  constructor(given: readonly ModelSync[]) {
    this.#syncs = given.map((sync) => ({ ...sync, secrets: new Map([['X', 'x']]) }));
  }

  get syncs(): readonly ModelSync[] {
    return this.#syncs;
  }

  /** What a run did; undefined for what people do. */
  play(step: Step): Ran | undefined {
    this.#round += 1;
    switch (step.kind) {
      case 'by hand':
        this.#put(step.name);
        return undefined;
      case 'edit mark':
        // Nobody edits what is not there.
        if (this.group.exists)
          this.group = { ...this.group, description: edited(this.group.description, step) };
        return undefined;
      default: {
        const sync = this.#syncs[step.sync % this.#syncs.length];
        return sync === undefined ? undefined : this.#playOn(sync, step);
      }
    }
  }

  run(sync: ModelSync, rest: Parameters<typeof runOnce>[2] = {}): Ran {
    const ran = runOnce(sync, this.group, rest);
    this.group = ran.after;
    return ran;
  }

  #playOn(sync: ModelSync, step: Exclude<Step, { kind: 'by hand' | 'edit mark' }>): Ran | undefined {
    switch (step.kind) {
      case 'run':
        return this.run(sync);
      case 'overwrite':
        return this.run(sync, { overwriteOnFirstSync: true });
      case 'remove':
        return this.run(sync, { action: 'remove' });
      case 'set':
        sync.secrets.set(step.key, `${sync.project}${sync.secretPath} ${String(this.#round)}`);
        return undefined;
      case 'unset':
        if (sync.secrets.size > 1) sync.secrets.delete(step.key);
        return undefined;
      case 'rename':
        sync.environment = step.environment;
        return undefined;
      case 'schema':
        sync.schema = step.schema;
        return undefined;
    }
  }

  #put(name: string): void {
    const { exists, variables } = this.group;
    if (!exists || variables.some((one) => one.name === name)) return;
    this.group = { ...this.group, variables: [...variables, plainVariable(name, 'by hand')] };
  }
}

/** A description after somebody has edited one of its lines. */
export function edited(description: string, { line, how }: Extract<Step, { kind: 'edit mark' }>): string {
  const lines = description.split('\n');
  const old = lines[line % lines.length] ?? '';
  const fresh = {
    delete: [],
    shorten: [old.replace(/ owns .*\]/, ']')],
    spoil: [old.replace(' owns ', ' own ')],
    text: ['made by hand', old],
  }[how];
  return lines.flatMap((one, i) => (i === line % lines.length ? fresh : [one])).join('\n');
}
