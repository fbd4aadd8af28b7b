import assert from 'node:assert/strict';
import { systemConnection } from '../endpoints.js';
import { stepEnvironment, type EnvironmentParts } from '../environment.js';
import type { FinishedStep } from '../mini-agent.js';
import { aStep, runTask, withAgent } from './bench.js';

const show = `say(JSON.stringify(env))`;
const environmentOf = (step: FinishedStep): Record<string, string> =>
  JSON.parse(step.raw.at(-1) ?? '{}') as Record<string, string>;

function laidOver(given: Partial<EnvironmentParts>, variables = {}): [Record<string, string>, string[]] {
  const warnings: string[] = [];
  const { job, taskVariables } = aStep({ variables });
  const environment = stepEnvironment({
    step: new Map(),
    variables: job.variables,
    inputs: new Map(),
    endpoints: [],
    taskVariables,
    prependPath: [],
    base: { PATH: '/bin' },
    isWindows: false,
    laysVariablesLast: false,
    warn: (message) => warnings.push(message),
    ...given,
  });
  return [environment, warnings];
}

describe('the environment of a task', () => {
  it('has public variables by name, secret ones with a prefix, and lists of their written names', () => {
    const [environment] = laidOver({}, { 'My.Var x': '1', 'a-b': '2', S: { value: '3', isSecret: true } });

    assert.deepEqual(
      ['MY_VAR_X', 'A-B', 'SECRET_S', 'S', 'VSTS_SECRET_VARIABLES'].map((name) => environment[name]),
      ['1', '2', '3', undefined, '["S"]'],
    );
    assert.equal(environment['VSTS_PUBLIC_VARIABLES'], '["agent.readOnlyVariables","My.Var x","a-b"]');
  });

  it('has the status of the job under its plain name, too', () => {
    const [environment] = laidOver({}, { 'agent.jobstatus': 'Succeeded' });

    assert.equal(environment['agent.jobstatus'], 'Succeeded');
  });

  it('lets a public variable win over env: of the step, an input over a variable, and the last of two names', () => {
    const [environment] = laidOver(
      {
        step: new Map([
          ['A_B', 'step'],
          ['a_b', 'kept'],
        ]),
        inputs: new Map([['x', 'input']]),
      },
      { 'a.b': 'first', 'a b': 'last', input_x: 'variable' },
    );

    assert.deepEqual(
      [environment['A_B'], environment['a_b'], environment['INPUT_X']],
      ['last', 'kept', 'input'],
    );
  });

  it('of an agent before 5.277 has variables laid over inputs and connections', () => {
    const names = ['INPUT_X', 'ENDPOINT_URL_SYSTEMVSSCONNECTION'];
    const variables = Object.fromEntries(names.map((name) => [name, 'variable']));
    const given = {
      inputs: new Map([['x', 'input']]),
      endpoints: [systemConnection('https://ado/', 'token')],
    };

    const [old, young] = [true, false].map((laysVariablesLast) => {
      const [environment] = laidOver({ ...given, laysVariablesLast }, variables);
      return names.map((name) => environment[name]);
    });

    assert.deepEqual(old, ['variable', 'variable']);
    assert.deepEqual(young, ['input', 'https://ado/']);
  });

  it('puts what was prepended before the PATH of the job, else of the step, else of the agent', () => {
    const prependPath = ['/first', '/second'];
    const paths = [
      laidOver({ prependPath }, { path: '/job' }),
      laidOver({ prependPath, step: new Map([['PATH', '/step']]) }),
      laidOver({ prependPath }),
      laidOver({ prependPath: ['/bin'], base: { PATH: '/bin:/x' } }),
    ].map(([environment]) => environment['PATH']);

    assert.deepEqual(paths, [
      '/second:/first:/job',
      '/second:/first:/step',
      '/second:/first:/bin',
      '/bin:/x',
    ]);
  });

  it('has the variables of the task and TF_BUILD', () => {
    const { taskVariables } = aStep();
    taskVariables.set({ name: 'a.b', value: 'x', isSecret: true, isReadOnly: false });

    const [environment] = laidOver({ taskVariables });

    assert.deepEqual([environment['VSTS_TASKVARIABLE_A_B'], environment['TF_BUILD']], ['x', 'True']);
  });

  it('minds no case on Windows and warns of what Node could not read there', () => {
    const [environment, warnings] = laidOver(
      { isWindows: true, step: new Map([['big', 'small']]) },
      { Big: 'x'.repeat(32_767), fits: 'x'.repeat(32_766) },
    );

    assert.deepEqual([environment['big']?.length, environment['BIG']], [32_767, undefined]);
    assert.deepEqual(warnings, [
      "Environment variable 'BIG' exceeds the maximum supported length. Environment variable length: 32767 , Maximum supported length: 32766",
    ]);
  });
});

describe('a job', () => {
  it('is none of the developer’s shell', async () => {
    process.env['DEVELOPERS_OWN'] = 'x';

    const environment = environmentOf(await runTask(show));

    assert.equal(environment['DEVELOPERS_OWN'], undefined);
    assert.deepEqual(
      ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'COMMAND_CORRELATION_ID', 'TMPDIR'].filter(
        (name) => name in environment,
      ),
      [],
    );
  });

  it('hands its token to scripts only where system.enableAccessToken is true', async () => {
    const [usual, classic] = [
      environmentOf(await runTask(show)),
      environmentOf(await runTask(show, { variables: { 'system.enableAccessToken': 'True' } })),
    ];

    assert.deepEqual(
      [
        usual['SYSTEM_ACCESSTOKEN'],
        usual['SECRET_SYSTEM_ACCESSTOKEN'],
        classic['SYSTEM_ACCESSTOKEN'],
        classic['SECRET_SYSTEM_ACCESSTOKEN'],
      ],
      [undefined, 'job-token-value', 'job-token-value', undefined],
    );
  });

  it('of a release has no build, no collection URI, and a server that is another', async () => {
    const environment = environmentOf(await runTask(show, { hostType: 'release' }));

    assert.deepEqual(
      ['SYSTEM_COLLECTIONURI', 'BUILD_BUILDID', 'SYSTEM_HOSTTYPE', 'RELEASE_REASON'].map(
        (name) => environment[name],
      ),
      [undefined, undefined, 'release', 'Manual'],
    );
    assert.match(environment['SYSTEM_TEAMFOUNDATIONSERVERURI'] ?? '', /\.vsrm\./);
    assert.match(environment['SYSTEM_DEFAULTWORKINGDIRECTORY'] ?? '', /r1\/a$/);
  });

  it('has the names of a recorded job message and of the agent, its folders exist', async () => {
    const script = `${show}; for (const name of ['AGENT_TEMPDIRECTORY', 'AGENT_TOOLSDIRECTORY', 'BUILD_SOURCESDIRECTORY', 'COMMON_TESTRESULTSDIRECTORY']) fs.accessSync(env[name]); say(JSON.stringify(env))`;

    const step = await runTask(script);

    assert.equal(step.result, 'Succeeded');
    const names = new Set(Object.keys(environmentOf(step)));
    const expected =
      'SYSTEM SYSTEM_CULTURE SYSTEM_COLLECTIONID SYSTEM_JOBPOSITIONINPHASE SYSTEM_STAGEATTEMPT SYSTEM_TIMELINEID BUILD_REASON BUILD_CONTAINERID BUILD_REPOSITORY_URI AZURE_HTTP_USER_AGENT AGENT_ID AGENT_OSARCHITECTURE PIPELINE_WORKSPACE GIT_TERMINAL_PROMPT TASK_DISPLAYNAME SYSTEM_TASKINSTANCEID TASK_PUBLISHTELEMETRY';
    assert.deepEqual(
      expected.split(' ').filter((name) => !names.has(name)),
      [],
    );
  });
});

describe('a proxy and certificates', () => {
  const proxy = { url: 'http://proxy:8080/', username: 'u', password: 'proxy-password', bypass: ['a\\.b'] };

  it('arrive as variables, passwords as secret ones that are masked', async () => {
    const certificates = {
      caFile: '/ca.pem',
      skipsValidation: true,
      client: { certificate: '/c', key: '/k', archive: '/p', password: 'client-password' },
    };

    const step = await runTask(
      `say(env.SECRET_AGENT_PROXYPASSWORD); say(env.SECRET_AGENT_CLIENTCERTPASSWORD); ${show}`,
      { proxy, certificates },
    );

    const environment = environmentOf(step);
    const names =
      'PROXYURL PROXYUSERNAME PROXYBYPASSLIST USEBASICAUTHFORPROXY CAINFO SKIPCERTVALIDATION CLIENTCERT CLIENTCERTKEY CLIENTCERTARCHIVE';
    assert.deepEqual(
      names.split(' ').map((name) => environment[`AGENT_${name}`]),
      ['http://proxy:8080/', 'u', '["a\\\\.b"]', 'False', '/ca.pem', 'True', '/c', '/k', '/p'],
    );
    assert.match(step.log, /^\*\*\*\n\*\*\*\n/m);
  });

  it('empty the variables by which the agent itself is told of a proxy, and leave the machine’s', async () => {
    const environment = {
      VSTS_HTTP_PROXY: 'http://env:1/',
      VSTS_HTTP_PROXY_USERNAME: 'u',
      VSTS_HTTP_PROXY_PASSWORD: 'pass-word-1',
      HTTP_PROXY: 'http://machine:1/',
      no_proxy: '.local,a.b.*',
    };

    const seen = environmentOf(await runTask(show, { environment }));

    assert.deepEqual(
      [
        'AGENT_PROXYURL',
        'VSTS_HTTP_PROXY',
        'VSTS_HTTP_PROXY_USERNAME',
        'VSTS_HTTP_PROXY_PASSWORD',
        'HTTP_PROXY',
        'AGENT_PROXYBYPASSLIST',
      ].map((name) => seen[name]),
      ['http://env:1/', '', '', '', 'http://machine:1/', '["\\\\.local","a\\\\.b.*"]'],
    );
  });

  it('are looked for in http_proxy and never in https_proxy', async () => {
    const found = await Promise.all(
      ['http_proxy', 'https_proxy'].map(
        async (name) =>
          environmentOf(await runTask(show, { environment: { [name]: 'http://p:1/' } }))['AGENT_PROXYURL'],
      ),
    );

    assert.deepEqual(found, ['http://p:1/', undefined]);
  });
});

describe('variables that are too big', () => {
  it('break every later Node step of the job on Linux, with no word about which', async () => {
    const steps = await withAgent(
      {
        script: `if (env.INPUT_TEXT === 'set') say('##vso[task.setvariable variable=big;issecret=true]' + 'x'.repeat(131_072))`,
      },
      {},
      async (agent) => [
        await agent.runStep({ inputs: { text: 'set' } }),
        await agent.runStep({ inputs: {} }),
      ],
    );

    assert.deepEqual(
      steps.map(({ result }) => result),
      ['Succeeded', 'Failed'],
    );
    assert.match(
      steps[1]?.issues[0]?.message ?? '',
      /^An error occurred trying to start process .* Argument list too long$/,
    );
  });
});

describe('the next step', () => {
  it('of a script sees public variables, outputs, and secrets only by env:', async () => {
    const step = await withAgent(
      {
        script: `say('##vso[task.setvariable variable=my.public]one'); say('##vso[task.setvariable variable=hidden;issecret=true]two-secret'); say('##vso[task.setvariable variable=out;isOutput=true]three')`,
      },
      { variables: { 'in.message': 'zero' } },
      async (agent) => {
        await agent.runStep({ name: 'first', inputs: {} });
        return agent.runScript({
          script: `console.log(JSON.stringify([process.env.MY_PUBLIC, process.env.FIRST_OUT, process.env.SECRET_HIDDEN ?? null, process.env.MAPPED.length, process.env.MACRO, '$(my.public)', process.env.IN_MESSAGE, Object.keys(process.env).filter((name) => /^(INPUT_|ENDPOINT_AUTH|SECRET_|VSTS_(PUBLIC|SECRET))/.test(name))]))`,
          env: { MAPPED: '$(hidden)', MACRO: '$(first.out)' },
        });
      },
    );

    assert.match(step.log, /^\["one","three",null,10,"three","one","zero",\[\]\]$/m);
  });

  it('never is the same step: a variable is not there before it ends', async () => {
    const step = await runTask(
      `say('##vso[task.setvariable variable=a]x'); setTimeout(() => say(String(env.A)), 20)`,
    );

    assert.match(step.log, /^undefined$/m);
  });
});
