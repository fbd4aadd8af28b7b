import assert from 'node:assert/strict';
import { aWorld, type World } from '../support/world.js';

describe('the access token of Infisical', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  const revoked = (): unknown[] => world.infisical.tokens.map((token) => token.revoked);

  for (const [title, prepare] of [
    [
      'Infisical refuses the list',
      () => {
        world.infisical.faults.add({
          match: { method: 'GET', path: /\/secrets/ },
          times: 9,
          fault: { kind: 'status', status: 403 },
        });
      },
    ],
    [
      'the destination can’t be read',
      () => {
        world.ado.faults.add({
          match: { method: 'GET', path: /variablegroups/ },
          times: 9,
          fault: { kind: 'status', status: 403 },
        });
      },
    ],
  ] as const)
    it(`is given back, too, when ${title}`, async () => {
      prepare();

      const step = await world.sync();

      assert.equal(step.result, 'Failed');
      assert.deepEqual(revoked(), [true]);
    });

  it('is asked for twice at most when the answer to a login is lost, because Infisical counts them', async () => {
    world.infisical.faults.add({
      match: { method: 'POST', path: /\/login$/ },
      when: 'after',
      times: 9,
      fault: { kind: 'reset' },
    });

    const step = await world.sync();

    const logins = world.infisical.requests.filter(({ path }) => path.endsWith('/login'));
    assert.deepEqual([step.result, logins.length], ['Failed', 2]);
  });
});

describe('what imports bring, for the variables of this run', () => {
  it('is masked in lines and in base64 before the first variable is set', async () => {
    const world = await aWorld();
    try {
      const value = '-----BEGIN IMPORTED KEY-----\nimported-line-Gh38WqZx7Yt\nimported-line-Kp92VbNm4Er';
      const shared = { project: 'shop', environment: 'prod', path: '/shared' };
      world.infisical.setSecret(shared, 'IMPORTED_KEY', value);
      world.infisical.addImport(
        { project: 'shop', environment: 'prod' },
        { environment: 'prod', path: '/shared' },
      );

      const { commands, result } = await world.sync({ destination: 'pipelineVariables', variableGroup: '' });

      const firstVariable = commands.findIndex(({ event }) => event === 'setvariable');
      const masked = commands
        .slice(0, firstVariable)
        .filter(({ event }) => event === 'setsecret')
        .map(({ data }) => data);
      const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
      assert.equal(result, 'Succeeded');
      assert.ok(firstVariable > 0);
      for (const form of [...value.split('\n'), base64]) assert.ok(masked.includes(form), form);
    } finally {
      await world.close();
    }
  });
});
