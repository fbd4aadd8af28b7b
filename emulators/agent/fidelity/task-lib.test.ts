import assert from 'node:assert/strict';
import type { FinishedStep, MiniAgentOptions, StepOptions } from '../mini-agent.js';
import { runTask } from './bench.js';

/** A client that we did not write: Microsoft's library for tasks, unchanged, as a task under the mini-agent. */
function withTaskLib(
  script: string,
  options: Partial<MiniAgentOptions> = {},
  step: Partial<StepOptions> = {},
): Promise<FinishedStep> {
  const library = JSON.stringify(require.resolve('azure-pipelines-task-lib/task'));
  return runTask(`const tl = require(${library});\n${script}`, options, step);
}

const commandsOf = (step: FinishedStep): string[] =>
  step.raw.filter((line) => line.startsWith('##vso[') && !line.startsWith('##vso[task.debug]'));

describe('azure-pipelines-task-lib under the mini-agent', () => {
  it('sets variables: public, secret, and as outputs', async () => {
    const step = await withTaskLib(
      `tl.setVariable('plain', 'a;b]c%é'); tl.setVariable('hidden', 'a;b]c%é', true); tl.setVariable('out', 'x', false, true); console.log('a;b]c%é')`,
    );

    assert.deepEqual(commandsOf(step), [
      '##vso[task.setvariable variable=plain;isOutput=false;issecret=false;]a;b]c%AZP25é',
      '##vso[task.setvariable variable=hidden;isOutput=false;issecret=true;]a;b]c%AZP25é',
      '##vso[task.setvariable variable=out;isOutput=true;issecret=false;]x',
    ]);
    assert.deepEqual([step.outputs, step.masks], [{ out: 'x' }, ['a%3Bb%5Dc%AZP25é', 'a;b]c%é']]);
    assert.match(step.log, /^\*\*\*$/m);
  });

  it('gives a secret for the predefined variable that has the same name in the environment', async () => {
    const step = await withTaskLib(
      `console.log(['System.CollectionUri', 'Agent.ProxyUrl'].map((name) => tl.getVariable(name).length))`,
      {
        variables: {
          SYSTEM_COLLECTIONURI: { value: 'of-a-secret', isSecret: true },
          SECRET_AGENT_PROXYURL: 'of-a-plain-variable',
        },
      },
    );

    assert.match(step.log, /^\[ 11, 19 \]$/m);
  });

  it('masks a secret by its wire form', async () => {
    const step = await withTaskLib(`tl.setSecret('x;y]%'); console.log('x;y]%')`);

    assert.deepEqual([commandsOf(step), step.masks], [['##vso[task.setsecret]x;y]%AZP25'], ['x;y]%']]);
    assert.match(step.log, /^\*\*\*$/m);
  });

  it('refuses secrets of several lines by itself, unless the variable allows them', async () => {
    const script = `for (const set of [() => tl.setSecret('a\\nb'), () => tl.setVariable('v', 'a\\rb', true)]) try { set(); console.log('taken') } catch (error) { console.log('refused: ' + error.message) }`;

    const usual = await withTaskLib(script);
    const allowed = await withTaskLib(script, { variables: { SYSTEM_UNSAFEALLOWMULTILINESECRET: 'TRUE' } });

    assert.equal(usual.log.match(/^refused: Secrets cannot contain multiple lines$/gm)?.length, 2);
    assert.equal(allowed.log.match(/^taken$/gm)?.length, 2);
    assert.equal(allowed.result, 'Succeeded');
  });

  it('reads inputs, by any case, and takes them out of the environment', async () => {
    const step = await withTaskLib(
      `console.log(JSON.stringify([tl.getInput('TEXT'), tl.getInput('none') ?? null, tl.getBoolInput('flag'), process.env.INPUT_TEXT ?? null]))`,
      { variables: { a: 'A' } },
      { inputs: { text: ' $(a) b ', flag: 'True' } },
    );

    assert.match(step.log, /^\["A b",null,true,null\]$/m);
  });

  it('misses an input that is required, which nobody before it has done', async () => {
    const step = await withTaskLib(`tl.getInput('connection', true)`);

    assert.equal(step.result, 'Failed');
    assert.match(step.log, /Input required: connection/);
  });

  it('reads a service connection, and the job’s own', async () => {
    const endpoint = {
      id: 'AAAAAAAA-0000-4000-8000-000000000001',
      name: 'c',
      type: 'thing',
      url: 'https://host/sub',
      scheme: 'Token',
      parameters: { apitoken: 'token-12345' },
      data: { Region: 'eu' },
    };
    const script = `const id = tl.getInput('connection').toLowerCase(); console.log(JSON.stringify([tl.getEndpointUrl(id), tl.getEndpointAuthorization(id).scheme, tl.getEndpointAuthorization(id).parameters.apitoken.length, tl.getEndpointAuthorizationScheme(id), tl.getEndpointAuthorizationParameter(id, 'ApiToken').length, tl.getEndpointDataParameter(id, 'region'), tl.getEndpointAuthorization('SystemVssConnection', false).parameters.AccessToken.length, tl.getEndpointDataParameter('SystemVssConnection', 'x', true) ?? null]))`;

    const step = await withTaskLib(script, { endpoints: [endpoint] }, { inputs: { connection: 'c' } });

    assert.match(step.log, /^\["https:\/\/host\/sub","Token",11,"Token",11,"eu",15,null\]$/m);
  });

  it('reads variables by their written names, secret ones too, and shows their values to the debug log', async () => {
    const step = await withTaskLib(
      `console.log(tl.getVariable('my.hidden').length + ' ' + tl.getVariables().find(({ name }) => name === 'My.Hidden').secret)`,
      {
        variables: { 'My.Hidden': { value: 'secret-12345', isSecret: true } },
        debug: true,
      },
    );

    assert.match(step.log, /^12 true$/m);
    assert.match(step.raw.join('\n'), /##vso\[task\.debug\]my\.hidden=secret-12345/);
    assert.match(step.log, /^##\[debug\]my\.hidden=\*\*\*$/m);
  });

  it('reads what the agent says of proxy and certificates', async () => {
    const proxy = { url: 'http://proxy:8080', username: 'u', password: 'pass-12345', bypass: ['\\.local$'] };
    const script = `const found = tl.getHttpProxyConfiguration('https://app.example.com'); console.log(JSON.stringify([found.proxyUrl, found.proxyUsername, found.proxyPassword.length, found.proxyBypassHosts, tl.getHttpProxyConfiguration('http://host.local'), tl.getHttpCertConfiguration().caFile]))`;

    const step = await withTaskLib(script, { proxy, certificates: { caFile: '/ca.pem' } });

    assert.match(step.log, /^\["http:\/\/proxy:8080","u",10,\["\\\\\.local\$"\],null,"\/ca\.pem"\]$/m);
    assert.match((await withTaskLib(`console.log(tl.getHttpProxyConfiguration())`)).log, /^null$/m);
  });

  it('sets results: the message of a failure is an issue, and stands where nothing is masked', async () => {
    const step = await withTaskLib(`tl.setResult(tl.TaskResult.Failed, 'because')`);

    assert.deepEqual(
      [step.result, step.issues.map(({ message }) => message), step.completions],
      ['Failed', ['because'], ['because']],
    );
  });

  for (const result of ['Succeeded', 'SucceededWithIssues', 'Skipped'] as const) {
    it(`sets the result ${result}`, async () => {
      assert.equal((await withTaskLib(`tl.setResult(tl.TaskResult.${result}, '')`)).result, result);
    });
  }

  it('fails a step by TaskResult.Cancelled, which the agent spells with one l', async () => {
    const step = await withTaskLib(`tl.setResult(tl.TaskResult.Cancelled, '')`);

    assert.equal(step.result, 'Failed');
    assert.match(
      step.log,
      /Unable to process command '##vso\[task\.complete result=Cancelled;\].*\n##\[error\]Command doesn't have valid result value\./,
    );
  });

  it('sees another stage’s task variables and says where files are', async () => {
    const step = await withTaskLib(
      `tl.setTaskVariable('state', 'x', true); console.log(tl.getVariable('Agent.TempDirectory') === process.env.AGENT_TEMPDIRECTORY)`,
    );

    assert.deepEqual(step.taskVariables, { state: 'x' });
    assert.match(step.log, /^true$/m);
  });

  it('writes its key into the folder of temporary files, so that there has to be one', async () => {
    assert.equal((await withTaskLib('', { faults: { hasNoTempFolder: true } })).result, 'Failed');
  });

  it('takes commands out of text that is not its own', async () => {
    const step = await withTaskLib(`tl.writeExternalOutput?.('##vso[task.complete result=Failed]x\\n')`);

    assert.equal(step.result, 'Succeeded');
  });
});
