import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ConfigError, NamingError, SyncError } from '#task/domain/errors.js';
import { desiredVariables, type DesiredVariable } from '#task/domain/desired.js';
import {
  planDestination,
  variableGroupTraits,
  type CurrentDestination,
} from '#task/domain/destination-plan.js';
import { refuseIfUnsafe } from '#task/domain/guard.js';
import { matchesPattern } from '#task/domain/name-pattern.js';
import { planSync, type Change, type CurrentVariable } from '#task/domain/plan.js';
import { renderPlanTable } from '#task/domain/plan-table.js';
import { countChanges, shownChanges, type Report } from '#task/domain/report.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { mergeSource } from '#task/domain/source.js';
import { renderFailure, renderSummary } from '#task/domain/summary.js';
import { sameName } from '#task/domain/text.js';
import { aListedSecret, aPolicy, aSchema, aScope, settings } from '../../support/builders.js';

const name = fc.stringMatching(/^(?:APP_)?[A-Za-z][A-Za-z0-9_.-]{0,5}$/);
const distinct = <T extends { name: string }>(items: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(items, { selector: (item) => sameName(item.name), maxLength: 12 });
const value = fc.oneof(fc.constant(''), fc.string({ maxLength: 6 }));
const desired = distinct(
  fc
    .record({ name, text: value, secret: fc.boolean() })
    .map(({ name: key, text, secret }): DesiredVariable => ({
      name: key,
      value: new SecretValue(text),
      isSecret: secret && text !== '',
    })),
);
const current = distinct(
  fc
    .record({ name, text: value, isSecret: fc.boolean() })
    .map(({ name: key, text, isSecret }): CurrentVariable =>
      isSecret ? { name: key, isSecret } : { name: key, isSecret, value: new SecretValue(text) },
    ),
);
const policy = fc
  .record({
    schema: fc.constantFrom('', 'APP_{{secretKey}}', '{{secretKey}}_x'),
    disableSecretDeletion: fc.boolean(),
    sourceMayBeIncomplete: fc.boolean(),
  })
  .map(({ schema, ...rest }) => aPolicy({ keySchema: aSchema(schema), ...rest }));

/** What a destination that does what it is told holds after a plan. */
function applied(changes: readonly Change[], before: readonly CurrentVariable[]): CurrentVariable[] {
  return changes.flatMap((change): CurrentVariable[] => {
    if (change.kind === 'delete') return [];
    if (change.kind === 'keep') return before.filter((variable) => variable.name === change.name);
    const { to } = change;
    const { name: kept } = change;
    return [to.isSecret ? { name: kept, isSecret: true } : { name: kept, isSecret: false, value: to.value }];
  });
}

const inSchema = (variables: DesiredVariable[], rules: ReturnType<typeof aPolicy>): DesiredVariable[] =>
  variables.map((variable) =>
    matchesPattern(rules.keySchema.pattern, variable.name)
      ? variable
      : { ...variable, name: rules.keySchema.nameFor(variable.name) },
  );

describe('the laws of planning', () => {
  it('planning again after apply keeps or rewrites, never creates, updates or deletes', () => {
    fc.assert(
      fc.property(desired, current, policy, (want, have, rules) => {
        const after = applied(planSync(want, have, rules), have);

        const again = planSync(want, after, rules);

        assert.deepEqual(
          again.filter(({ kind }) => kind !== 'keep' && kind !== 'rewrite'),
          [],
        );
      }),
    );
  });

  it('nothing outside the key schema is ever touched', () => {
    fc.assert(
      fc.property(desired, current, policy, (want, have, rules) => {
        const ours = inSchema(want, rules);
        const isForeign = ({ name: key }: { name: string }): boolean =>
          !matchesPattern(rules.keySchema.pattern, key);

        const changes = planSync(ours, have, rules);

        assert.deepEqual(
          changes.filter((change) => isForeign(change) && change.kind !== 'keep'),
          [],
        );
        assert.deepEqual(applied(changes, have).filter(isForeign).length, have.filter(isForeign).length);
      }),
    );
  });

  it('the order of input does not matter', () => {
    fc.assert(
      fc.property(desired, current, policy, fc.infiniteStream(fc.nat()), (want, have, rules, random) => {
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => [random.next().value as number, item] as const)
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);

        assert.deepEqual(planSync(shuffled(want), shuffled(have), rules), planSync(want, have, rules));
      }),
    );
  });

  it('with deletion disabled nothing that holds a value loses it', () => {
    fc.assert(
      fc.property(desired, current, policy, (want, have, rules) => {
        const changes = planSync(want, have, { ...rules, disableSecretDeletion: true });

        assert.deepEqual(
          changes.filter(({ kind, because }) => kind === 'delete' || because === 'emptied'),
          [],
        );
      }),
    );
  });

  it('no rendered text holds a canary value, whatever the names and whatever goes wrong', () => {
    const canary = 'canary-Xk29Vb7Lq4Tz';
    const place = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(name, fc.string()), place), { maxLength: 8 }),
        current,
        policy,
        (keys, have, rules) => {
          const rows = keys.map(([key, path]) => aListedSecret(key, `${canary}\${x.y}`, { path }));

          const rendered = renderEverything(rows, have, rules).join('\n');

          assert.equal(rendered.includes(canary), false);
        },
      ),
    );
  });
});

function renderEverything(
  rows: ReturnType<typeof aListedSecret>[],
  have: CurrentVariable[],
  rules: ReturnType<typeof aPolicy>,
): string[] {
  const texts: string[] = [];
  for (const expandSecretReferences of [true, false]) {
    try {
      const { secrets } = mergeSource({ secrets: rows, imports: [] }, aScope({ expandSecretReferences }));
      const variables = desiredVariables(secrets, { keySchema: rules.keySchema, plainTag: '' });
      const group: CurrentDestination = {
        traits: variableGroupTraits,
        exists: true,
        description: '',
        variables: have,
      };
      const chosen = settings({ keySchema: rules.keySchema });
      const plan = planDestination(chosen, { variables, names: [], sourceMayBeIncomplete: false }, group);
      texts.push(
        ...renderPlanTable(shownChanges(plan.changes)),
        JSON.stringify(plan),
        renderSummary(aReport(plan.changes)),
      );
      refuseIfUnsafe({ plan, settings: chosen, current: group, destination: 'group', firstSync: true });
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      texts.push(error.message, renderFailure(error.message, 'Nothing was written.'), JSON.stringify(error));
    }
  }
  return texts;
}

function aReport(changes: readonly Change[]): Report {
  return {
    syncName: 's',
    action: 'sync',
    status: 'synced',
    hasChanges: true,
    source: { project: 'p', environment: 'e', secretPath: '/' },
    destination: { kind: 'variableGroup', project: 'P', name: 'g' },
    counts: countChanges(changes),
    changes: shownChanges(changes),
    warnings: [],
    notices: [],
  };
}

describe('the errors', () => {
  it('say their kind', () => {
    assert.deepEqual([new ConfigError([]).name, new NamingError([]).name], ['ConfigError', 'NamingError']);
  });
});
