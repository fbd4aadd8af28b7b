import assert from 'node:assert/strict';
import type { StoredGroup } from '../../emulators/azure-devops/group-store.js';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { isThorough } from '../support/thorough.js';
import { aWorld, canary, type World } from '../support/world.js';
import { lostWrites, report, windowsOf, type Battle } from './battle.js';

const rivals = isThorough ? 8 : 4;
const repetitions = isThorough ? 4 : 1;
const secrets = { DB_PASSWORD: canary.database, API_KEY: canary.api };

const group = /variablegroups\/\d+$/;
const definition = /build\/definitions\/\d+$/;

describe('rivals', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  const fight = async (inputs: Record<string, string>, path: RegExp): Promise<Battle> => {
    const names = Array.from({ length: rivals }, (_, index) => `rival-${String(index + 1)}`);
    for (const name of names) world.ado.addIdentity({ name, bearer: `bearer-of-${name}` });
    const steps = await Promise.all(
      names.map((name) =>
        world.sync(
          { ...inputs, syncName: name, keySchema: `${name}_{{secretKey}}` },
          { agent: { jobToken: `bearer-of-${name}` } },
        ),
      ),
    );
    const requests = world.ado.requests.filter((request) => path.test(request.path));
    return {
      tasks: names.map((name, index) => ({
        name,
        step: steps[index] as FinishedStep,
        rounds: requests.filter(({ identity, method }) => identity === name && method === 'PUT').length,
      })),
      lost: lostWrites(requests),
      windows: windowsOf(requests),
    };
  };

  for (let time = 1; time <= repetitions; time += 1) {
    it(`on one group: whoever said success has its variables there (${String(time)})`, async () => {
      world.ado.addGroup({
        project: 'Shop',
        name: 'shop-prod',
        variables: { HAND: { value: canary.old, isSecret: true }, PLAIN: 'by hand' },
      });

      const battle = await fight({}, group);

      report('one variable group', battle);
      const variables = world.ado.variables('Shop', 'shop-prod');
      assert.deepEqual(missing(battle, variables), []);
      assert.equal(variables['HAND']?.value, canary.old);
      assert.equal(variables['PLAIN']?.value, 'by hand');
    });

    it(`on one pipeline: nothing is lost, not even on the way (${String(time)})`, async () => {
      world.ado.definitions.edit(world.pipelineId, ({ variables }) => {
        variables['HAND'] = { value: canary.old, isSecret: true, allowOverride: true };
      });

      const inputs = {
        destination: 'pipelineDefinition',
        variableGroup: '',
        pipelineId: String(world.pipelineId),
      };
      const battle = await fight(inputs, definition);

      report('one pipeline', battle);
      const variables = world.ado.definitions.get(world.pipelineId)?.variables ?? {};
      assert.deepEqual(missing(battle, variables), []);
      assert.equal(battle.lost, 0);
      assert.equal(variables['HAND']?.value, canary.old);
    });
  }
});

/** What a person does to the group by hand at a moment of a second sync, and what is left of it in the end. */
describe('a person who edits the group by hand', () => {
  const narrow = { keySchema: 'APP_{{secretKey}}' };
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
    world.ado.addGroup({
      project: 'Shop',
      name: 'shop-prod',
      variables: { HAND: { value: 'before', isSecret: true }, PLAIN: 'before' },
    });
  });
  afterEach(() => world.close());

  const edit = (when: 'later' | 'within one step' = 'later'): void => {
    const change = ({ variables }: StoredGroup): void => {
      const own = { isReadOnly: false, extra: {} };
      variables.set('HAND', { value: canary.old, isSecret: true, ...own });
      variables.set('PLAIN', { value: 'after', isSecret: false, ...own });
      variables.set('NEW', { value: 'after', isSecret: false, ...own });
    };
    world.ado.editGroup('Shop', 'shop-prod', change, when);
  };
  const byHand = (): (string | null | undefined)[] => {
    const { HAND, PLAIN, NEW } = world.ado.variables('Shop', 'shop-prod');
    return [HAND?.value, PLAIN?.value, NEW?.value];
  };
  const ours = (): string[] =>
    Object.keys(world.ado.variables('Shop', 'shop-prod')).filter((name) => name.startsWith('APP_'));

  it('before the last read loses nothing', async () => {
    world.ado.before({ method: 'GET', path: group }, () => {
      world.ado.before({ method: 'GET', path: group }, () => {
        edit();
      });
    });

    const step = await world.sync(narrow);

    assert.notEqual(step.result, 'Failed');
    assert.deepEqual(byHand(), [canary.old, 'after', 'after']);
    assert.deepEqual(ours(), ['APP_API_KEY', 'APP_DB_PASSWORD']);
  });

  it('before the last read loses nothing, even when the clock of the service stands meanwhile', async () => {
    world.ado.before({ method: 'GET', path: group }, () => {
      world.ado.before({ method: 'GET', path: group }, () => {
        edit('within one step');
      });
    });

    await world.sync(narrow);

    assert.deepEqual(byHand(), [canary.old, 'after', 'after']);
    assert.deepEqual(ours(), ['APP_API_KEY', 'APP_DB_PASSWORD']);
  });

  it('between that read and the write keeps secrets, and loses the rest: the service has no lock', async () => {
    world.ado.before({ method: 'PUT', path: group }, () => {
      edit();
    });

    const step = await world.sync(narrow);

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(byHand(), [canary.old, 'before', undefined]);
    assert.deepEqual(ours(), ['APP_API_KEY', 'APP_DB_PASSWORD']);
  });

  it('between write and read-back loses nothing, and the run says that it was contested', async () => {
    world.ado.before({ method: 'PUT', path: group }, () => {
      world.ado.before({ method: 'GET', path: group }, () => {
        edit();
      });
    });

    const step = await world.sync(narrow);

    assert.equal(step.result, 'SucceededWithIssues');
    assert.deepEqual(byHand(), [canary.old, 'after', 'after']);
    assert.deepEqual(ours(), ['APP_API_KEY', 'APP_DB_PASSWORD']);
  });
});

describe('a rival that had read the group before, and writes after the read-back', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
    world.ado.addGroup({ project: 'Shop', name: 'shop-prod', variables: { HAND: 'x' } });
  });
  afterEach(() => world.close());

  /** The write of a rival to whom the group still looks as it did before ours. */
  const overwrite = (): void => {
    world.ado.editGroup('Shop', 'shop-prod', (stored) => {
      stored.description = '[infisical-sync: theirs]';
      for (const name of ['APP_API_KEY', 'APP_DB_PASSWORD']) stored.variables.delete(name);
    });
  };
  const sync = (): Promise<FinishedStep> => {
    world.ado.before({ method: 'PUT', path: group }, () => {
      // The first list after the write belongs to the second look.
      world.ado.before({ method: 'GET', path: /variablegroups$/ }, overwrite);
    });
    return world.sync({ keySchema: 'APP_{{secretKey}}', syncName: 'ours' });
  };

  it('takes nothing away for good on the first sync', async () => {
    const step = await sync();

    assert.equal(step.result, 'SucceededWithIssues');
    assert.deepEqual(Object.keys(world.ado.variables('Shop', 'shop-prod')), [
      'APP_API_KEY',
      'APP_DB_PASSWORD',
      'HAND',
    ]);
    assert.equal(
      world.ado.group('Shop', 'shop-prod')?.description,
      '[infisical-sync: theirs]\n[infisical-sync: ours owns APP_*]',
    );
  });

  it('nor the values, where another rival puts the names back that the first took away', async () => {
    world.ado.before({ method: 'PUT', path: group }, () => {
      world.ado.before({ method: 'GET', path: /variablegroups$/ }, () => {
        // What the service keeps of a secret that is sent without a value, where none is stored.
        const nothing = { value: null, isSecret: true, isReadOnly: false, extra: {} };
        world.ado.editGroup('Shop', 'shop-prod', ({ variables }) => {
          for (const name of ['APP_API_KEY', 'APP_DB_PASSWORD']) variables.set(name, nothing);
        });
      });
    });

    const step = await world.sync({ keySchema: 'APP_{{secretKey}}', syncName: 'ours' });

    assert.equal(step.result, 'SucceededWithIssues');
    const stored = Object.values(world.ado.variables('Shop', 'shop-prod')).slice(0, 2);
    assert.deepEqual(
      stored.map(({ value }) => value),
      [canary.api, canary.database],
    );
  });

  it('nor later, when its mark is there', async () => {
    await world.sync({ keySchema: 'APP_{{secretKey}}', syncName: 'ours' });
    world.ado.editGroup('Shop', 'shop-prod', (stored) => {
      stored.description = `${stored.description ?? ''}\n[infisical-sync: theirs]`;
    });

    const step = await sync();

    assert.equal(step.result, 'SucceededWithIssues');
    assert.ok('APP_API_KEY' in world.ado.variables('Shop', 'shop-prod'));
  });

  it('is not waited for where no other sync writes the group', async () => {
    const inputs = { keySchema: 'APP_{{secretKey}}', detectChanges: 'false' };
    await world.sync(inputs);
    const before = world.ado.requests.length;

    await world.sync(inputs);

    const calls = world.ado.requests.slice(before).map(({ method }) => method);
    assert.deepEqual(calls, ['GET', 'GET', 'PUT', 'GET']);
  });
});

function missing({ tasks }: Battle, variables: Record<string, { value: string | null }>): string[] {
  return tasks.flatMap(({ name, step }) =>
    step.result === 'Failed'
      ? []
      : Object.entries(secrets)
          .filter(([key, value]) => variables[`${name}_${key}`]?.value !== value)
          .map(([key]) => `${name}_${key}`),
  );
}
