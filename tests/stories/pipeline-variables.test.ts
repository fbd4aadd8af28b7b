import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import type { FinishedStep, MiniAgent } from '../../emulators/agent/mini-agent.js';
import { refuseClearText } from './clear-text.js';
import { aWorld, canary, usualInputs, type JobOptions, type World } from '../support/world.js';

const multilineSwitch = 'SYSTEM_UNSAFEALLOWMULTILINESECRET';
const prod = { project: 'shop', environment: 'prod' };

/** Values that break careless tasks; each holds a canary, so that every step is searched for it. */
const hostile: Record<string, string> = {
  PERCENT: `100%25%AZP25%3B ${canary.plain}`,
  COMMAND: `;]%5D ##vso[task.complete result=Failed] ${canary.plain}`,
  LINES: canary.key,
  CRLF: `${canary.plain}\r\nsecond\rthird\n`,
  QUOTES: `"'\`\\ ${canary.plain} $HOME %PATH%`,
  TABS: `a\t${canary.plain}\tb`,
  UNICODE: `žluťoučký 日本語 🚀 ${canary.plain}`,
  LONG: `${canary.plain}${'0123456789'.repeat(3_000)}`,
};

describe('the variables of this run', () => {
  let world: World;
  let jobs: MiniAgent[];

  beforeEach(async () => {
    world = await aWorld();
    jobs = [];
  });
  afterEach(async () => {
    for (const job of jobs) job.dispose();
    await world.close();
  });

  const start = (options: JobOptions = {}): MiniAgent => {
    const job = world.job(options);
    jobs.push(job);
    return job;
  };
  const sync = async (
    job: MiniAgent,
    inputs: Record<string, string> = {},
    step: { target?: { settableVariables?: string[] } } = {},
  ): Promise<FinishedStep> => {
    const finished = await job.runStep({
      name: 'secrets',
      ...step,
      inputs: { ...usualInputs, variableGroup: '', destination: 'pipelineVariables', ...inputs },
    });
    refuseClearText(finished);
    return finished;
  };
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  /** What a script finds in its environment, as digests. */
  const delivered = async (job: MiniAgent, env: Record<string, string>): Promise<Record<string, string>> => {
    const script = `const { createHash } = require('node:crypto');
      for (const name of ${JSON.stringify(Object.keys(env))})
        console.log('digest ' + name + ' ' + (process.env[name] === undefined ? 'none' : createHash('sha256').update(process.env[name]).digest('hex')));`;
    const { log } = await job.runScript({ script, env });
    return Object.fromEntries(
      [...log.matchAll(/^digest (\S+) (\S+)$/gm)].map(([, name = '', found = '']) => [name, found]),
    );
  };
  const mapped = (names: string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, `$(${name})`]));
  const digests = (values: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, digest(value)]));

  it('are secret, and reach a script only where it maps them', async () => {
    const job = start();

    const step = await sync(job);

    assert.deepEqual(
      [
        step.result,
        step.outputs['syncStatus'],
        step.outputs['createdCount'],
        step.outputs['variableGroupId'],
      ],
      ['Succeeded', 'synced', '2', ''],
    );
    assert.match(step.log, /^Set: the pipeline variables of this run: 2 created\.$/m);
    assert.equal(job.variables.get('DB_PASSWORD')?.isSecret, true);
    assert.deepEqual(
      await delivered(job, mapped(['DB_PASSWORD', 'API_KEY'])),
      digests({ DB_PASSWORD: canary.database, API_KEY: canary.api }),
    );
    const { log } = await job.runScript({ script: 'console.log("unmapped " + process.env.DB_PASSWORD)' });
    assert.match(log, /^unmapped undefined$/m);
  });

  it('arrive byte for byte, whatever is in them', async () => {
    const job = start();
    for (const [name, value] of Object.entries(hostile)) world.infisical.setSecret(prod, name, value);
    // Servers trim what is written now, but what was written earlier may have blanks.
    const blanks = ` \t${canary.plain}  `;
    world.infisical.setSecret(prod, 'BLANKS', '').value = blanks;
    const expected = { ...hostile, BLANKS: blanks };

    const step = await sync(job);

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(await delivered(job, mapped(Object.keys(expected))), digests(expected));
  });

  for (const platform of ['linux', 'windows'] as const) {
    it(`may have several lines, and no line shows: ${platform}`, async () => {
      const job = start({ agent: { platform } });
      world.infisical.setSecret(prod, 'KEY', canary.key);

      const step = await sync(job);

      assert.equal(step.result, 'Succeeded');
      const { log } = await job.runScript({
        script: `for (const line of process.env.KEY.split('\\n')) console.log('line: ' + line);
          console.log('base64: ' + Buffer.from(process.env.KEY).toString('base64'));
          console.log('json: ' + JSON.stringify(process.env.KEY));`,
        env: { KEY: '$(KEY)' },
      });
      assert.equal(log.match(/^line: \*\*\*$/gm)?.length, 4);
      assert.match(log, /^base64: \*\*\*=*$/m);
      assert.match(log, /^json: "\*\*\*"$/m);
    });
  }

  it('leave the switch for secrets of several lines as it was', async () => {
    world.infisical.setSecret(prod, 'KEY', canary.key);
    const after = async (variables: Record<string, string>): Promise<string | undefined> => {
      const job = start({ agent: { variables } });
      assert.equal((await sync(job)).result, 'Succeeded');
      return job.variables.get(multilineSwitch)?.value;
    };

    assert.equal(await after({}), 'false');
    assert.equal(await after({ [multilineSwitch]: 'true' }), 'true');
    assert.equal(await after({ [multilineSwitch]: 'FALSE' }), 'FALSE');
  });

  it('stay unknown to the log where the agent refuses one and repeats the command', async () => {
    // On the wire it looks different from itself, so that its own mask would not hide it.
    world.infisical.setSecret(prod, 'FIXED', `50%; ${canary.plain}`);
    const job = start({ agent: { variables: { FIXED: { value: 'fixed', isReadOnly: true } } } });

    const step = await sync(job);

    assert.equal(step.result, 'Failed');
    assert.match(
      step.log,
      /Unable to process command '##vso\[task\.setvariable [^\]]*\]\*\*\*' successfully/,
    );
  });

  it('are plain with the tag for it, and then not masked', async () => {
    const job = start();
    world.infisical.setSecret(prod, 'REGION', 'northeurope-1', { tags: ['plain'] });

    const step = await sync(job, { plainTag: 'plain' });

    assert.equal(step.result, 'Succeeded');
    assert.equal(job.variables.get('REGION')?.isSecret, false);
    const { log } = await job.runScript({ script: 'console.log("region " + process.env.REGION)' });
    assert.match(log, /^region northeurope-1$/m);
  });

  it('are outputs, too, where it is asked for, with the expressions that read them', async () => {
    const job = start({
      agent: { variables: { 'system.stageName': 'Prepare', 'system.phaseName': 'Fetch' } },
    });

    const step = await sync(job, { setAsOutput: 'true' });

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(
      await delivered(job, { PLAIN_NAME: '$(DB_PASSWORD)', AS_OUTPUT: '$(secrets.DB_PASSWORD)' }),
      digests({ PLAIN_NAME: canary.database, AS_OUTPUT: canary.database }),
    );
    const summary = step.summaries[0]?.content ?? '';
    assert.match(summary, /In a later job of this stage, with dependsOn: Fetch:/);
    assert.match(summary, /DB_PASSWORD: \$\[ dependencies\.Fetch\.outputs\['secrets\.DB_PASSWORD'\] \]/);
    assert.match(
      summary,
      /DB_PASSWORD: \$\[ stageDependencies\.Prepare\.Fetch\.outputs\['secrets\.DB_PASSWORD'\] \]/,
    );
  });

  it('come with an env: block that works as it is pasted', async () => {
    const job = start();
    world.infisical.setSecret(prod, 'my-api.key', canary.plain);

    const step = await sync(job);

    const summary = step.summaries[0]?.content ?? '';
    const block = /```yaml\n(env:[^]*?)\n```/.exec(summary)?.[1] ?? '';
    const { env } = parse(block) as { env: Record<string, string> };
    assert.deepEqual(Object.keys(env), ['API_KEY', 'DB_PASSWORD', 'MY_API_KEY']);
    assert.equal((await delivered(job, env))['MY_API_KEY'], digest(canary.plain));
  });

  const refused: [title: string, secrets: Record<string, string>, message: RegExp][] = [
    ['a name of the agent', { PATH: 'x' }, /"PATH": the agent keeps this name to itself/],
    [
      'a name of the task’s own outputs',
      { reportFile: 'x' },
      /"reportFile": an output variable of this task has/,
    ],
    [
      'names that become one in the environment',
      { 'A.B': 'x', A_B: 'y' },
      /"A\.B" and "A_B" would be the same/,
    ],
    [
      'a value that is too long',
      { BIG: 'x'.repeat(32_767) },
      /"BIG": the value has 32767 characters; .* at most 32766/,
    ],
  ];
  for (const [title, secrets, message] of refused) {
    it(`are all left unset because of ${title}`, async () => {
      const job = start();
      for (const [name, value] of Object.entries(secrets)) world.infisical.setSecret(prod, name, value);

      const step = await sync(job);

      assert.equal(step.result, 'Failed');
      assert.match(step.issues[0]?.message ?? '', message);
      assert.match(step.issues[0]?.message ?? '', /Nothing was written\./);
      assert.deepEqual(
        step.commands.filter(({ event }) => event === 'setvariable'),
        [],
      );
    });
  }

  it('are only shown by a plan', async () => {
    const job = start();

    const step = await sync(job, { action: 'plan' });

    assert.deepEqual([step.result, step.outputs['syncStatus']], ['Succeeded', 'planned']);
    assert.match(step.log, /\+ DB_PASSWORD +create +secret +new/);
    assert.equal(job.variables.get('DB_PASSWORD'), undefined);
  });

  it('can’t be removed, since they end with the run', async () => {
    const step = await sync(start(), { action: 'remove' });

    assert.equal(step.result, 'Failed');
    assert.match(step.issues[0]?.message ?? '', /the variables of a run disappear when it ends/);
    assert.equal(world.infisical.requests.length, 0);
  });

  it('are set on every run, whoever started it', async () => {
    const step = await sync(start({ agent: { reason: 'Schedule' } }), { autoSync: 'false' });

    assert.deepEqual([step.result, step.outputs['syncStatus']], ['Succeeded', 'synced']);
  });

  it('ask nothing of Azure DevOps', async () => {
    await sync(start());

    assert.equal(world.ado.requests.length, 0);
  });

  it('work in a classic release, which has no expressions for outputs', async () => {
    const step = await sync(start({ agent: { hostType: 'release' } }), { setAsOutput: 'true' });

    assert.equal(step.result, 'Succeeded');
    assert.doesNotMatch(step.summaries[0]?.content ?? '', /dependencies\./);
  });

  it('that a restricted step may not set are dropped by the agent, which no task can see', async () => {
    const job = start();

    const step = await sync(job, {}, { target: { settableVariables: ['API_*'] } });

    assert.equal(step.result, 'Succeeded');
    assert.match(step.log, /Setting variable 'DB_PASSWORD' has been disabled/);
    assert.deepEqual(
      [job.variables.get('API_KEY')?.isSecret, job.variables.get('DB_PASSWORD')],
      [true, undefined],
    );
  });

  it('follow a job that decodes no percents, as far as it can carry them', async () => {
    const job = start({ agent: { variables: { DECODE_PERCENTS: 'no' } } });
    world.infisical.setSecret(prod, 'PERCENT', `50% ${canary.plain};`);

    assert.equal((await sync(job)).result, 'Succeeded');
    assert.equal((await delivered(job, mapped(['PERCENT'])))['PERCENT'], digest(`50% ${canary.plain};`));
    world.infisical.setSecret(prod, 'PERCENT', `%3B ${canary.plain}`);
    const step = await sync(job);
    assert.equal(step.result, 'Failed');
    assert.match(step.issues[0]?.message ?? '', /"PERCENT": the value contains a percent code/);
  });
});
