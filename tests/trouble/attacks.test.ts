import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FinishedStep, MiniAgent } from '../../emulators/agent/mini-agent.js';
import { aWorld, usualInputs, type JobOptions, type World } from '../support/world.js';
import { aRepository, attacks, isHere, type Given } from './attacks.js';

const prod = { project: 'shop', environment: 'prod' };
const jobVariables = (
  given: Record<string, Given>,
  before: string,
): Record<string, { value: string; isSecret: boolean }> =>
  Object.fromEntries(
    Object.entries(given).map(([name, { value, isPlain = false }]) => [
      `${before}${name}`,
      { value, isSecret: !isPlain },
    ]),
  );

describe('somebody who may write secrets', () => {
  let world: World;
  let folder: string;
  let mark: string;
  let jobs: MiniAgent[];

  beforeEach(async () => {
    world = await aWorld();
    folder = mkdtempSync(join(tmpdir(), 'attacked-'));
    mark = `${folder}-mark`;
    aRepository(folder, mark);
    jobs = [];
  });
  afterEach(async () => {
    for (const job of jobs) job.dispose();
    for (const path of [folder, mark]) rmSync(path, { recursive: true, force: true });
    await world.close();
  });

  const start = (options: JobOptions = {}): MiniAgent => {
    const job = world.job(options);
    jobs.push(job);
    return job;
  };
  const write = (given: Record<string, Given>): void => {
    for (const [name, { value, isPlain = false }] of Object.entries(given))
      world.infisical.setSecret(prod, name, value, { tags: isPlain ? ['plain'] : [] });
  };
  const sync = (
    job: MiniAgent,
    inputs: Record<string, string> = {},
    name = 'secrets',
  ): Promise<FinishedStep> =>
    job.runStep({
      name,
      inputs: {
        ...usualInputs,
        variableGroup: '',
        destination: 'pipelineVariables',
        plainTag: 'plain',
        ...inputs,
      },
    });
  const messageOf = (step: FinishedStep): string => step.issues.map(({ message }) => message).join('\n');

  for (const { title, needs, variables, step, why, asOutputOf } of attacks) {
    describe(`and aims at ${title}`, () => {
      const given = (): Record<string, Given> =>
        Object.fromEntries(
          Object.entries(variables(mark)).map(([name, { value, ...rest }]) => [
            name,
            { ...rest, value: value.replaceAll('FOLDER', folder) },
          ]),
        );

      before(function () {
        if (isHere(needs)) return;
        console.log(`        ${needs} is not on this machine: not tried`);
        this.skip();
      });

      it('would run code if these variables were set', async () => {
        const before = asOutputOf === undefined ? '' : `${asOutputOf}.`;
        const job = start({ agent: { variables: jobVariables(given(), before) } });

        await step(job, folder);

        assert.equal(existsSync(mark), true, 'the attack itself does nothing: this story proves nothing');
      });

      it('runs none, because the sync refuses their names and sets nothing', async () => {
        write(given());
        const job = start();

        const synced = await sync(job, asOutputOf === undefined ? {} : { setAsOutput: 'true' }, asOutputOf);
        await step(job, folder);

        assert.equal(synced.result, 'Failed');
        assert.match(messageOf(synced), why);
        assert.equal(existsSync(mark), false);
      });
    });
  }

  const names = [
    'AGENT PROXYURL',
    'agent.SkipCertValidation',
    'System.CollectionUri',
    'SYSTEM COLLECTIONURI',
  ];
  const plainNames = [
    ...[
      'SYSTEM_OIDCREQUESTURI',
      'HOME',
      'NODE.OPTIONS',
      'HTTPS.PROXY',
      'LD.PRELOAD',
      'ENDPOINT_URL_SYSTEMVSSCONNECTION',
    ],
    ...[
      'INPUT_INFISICALPROJECT',
      'SECRET_AGENT_PROXYURL',
      'SECUREFILE_TICKET_1',
      'BUILD.SOURCESDIRECTORY',
      'release_reason',
    ],
  ];
  const destinations: Record<string, Record<string, string>> = {
    'a group': { destination: 'variableGroup', variableGroup: 'shop-prod' },
    'this run': {},
    'a pipeline': { destination: 'pipelineDefinition' },
  };
  for (const [where, inputs] of Object.entries(destinations)) {
    it(`writes none of the agent’s names to ${where}: secret, tagged or empty`, async () => {
      const all = [...names, ...plainNames];
      write(Object.fromEntries(names.map((name) => [name, { value: 'x' }])));
      write(
        Object.fromEntries(
          plainNames.map((name, index) => [name, { value: index % 2 === 0 ? '' : 'x', isPlain: true }]),
        ),
      );

      const step = await sync(start(), inputs);

      const listed = messageOf(step);
      assert.deepEqual(
        all.filter((name) => !listed.includes(`→ "${name}": `)),
        [],
      );
      assert.deepEqual(
        [
          step.result,
          world.ado.group('Shop', 'shop-prod'),
          world.ado.definitions.get(world.pipelineId)?.variables,
        ],
        ['Failed', undefined, {}],
      );
    });

    it(`still writes what people have as secrets to ${where}`, async () => {
      for (const name of ['SECRET_KEY', 'PATH_PREFIX', 'SYSTEM_USER_ID', 'NODE_OPTIONS', 'INPUT_KEY'])
        write({ [name]: { value: 'a-value-of-twelve' } });

      const step = await sync(start(), inputs);

      assert.deepEqual([step.result, step.outputs['createdCount']], ['Succeeded', '7']);
    });
  }

  it('is given away by no env: block: a secret reaches a script under a name without power', async () => {
    write({ 'NODE-OPTIONS': { value: 'a-value-of-twelve' } });

    const step = await sync(start());

    assert.match(step.summaries.at(-1)?.content ?? '', /^ {2}APP_NODE_OPTIONS: \$\(NODE-OPTIONS\)$/m);
  });

  it('gets no further through a key schema', async () => {
    write({ OPTIONS: { value: 'x', isPlain: true } });

    const [refused, renamed] = [
      await sync(start(), { keySchema: 'NODE.{{secretKey}}' }),
      await sync(start(), { keySchema: 'APP_{{secretKey}}' }),
    ];

    assert.match(messageOf(refused), /"OPTIONS" in "\/" → "NODE\.OPTIONS": Node\.js runs what it says/);
    assert.equal(renamed.result, 'Succeeded');
  });
});
