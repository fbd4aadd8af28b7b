import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { nameProblem } from '#task/domain/name-policy.js';
import { predefinedVariables } from '#task/domain/predefined-variables.js';
import { agentVariables, messageVariables, type JobFacts } from '../../emulators/agent/job-variables.js';
import { readOnlyNames } from '../../emulators/agent/read-only-names.js';
import { settingsIn, type AgentSettings } from '../../scripts/agent-settings/settings-in.js';

const record = JSON.parse(readFileSync('emulators/agent/agent-settings.json', 'utf8')) as AgentSettings & {
  source: string;
};
const isRefused = (name: string): boolean =>
  [name, name.toLowerCase(), name.replaceAll('_', '.'), name.replaceAll('.', ' ')].every(
    (written) => nameProblem(written, 'secret') !== undefined,
  );
const facts: JobFacts = {
  collectionUrl: 'https://dev.azure.com/example-org/',
  project: { id: '7d1f6c1e-52f1-4f1c-9a0e-6d8c2b1a4e30', name: 'Shop' },
  jobToken: 'token',
  hostType: 'build',
  reason: 'Manual',
  definitionId: 1,
  work: '/work',
  platform: 'linux',
  isDebug: true,
  version: '5.278.0',
};

describe('the names that the agent looks for', () => {
  it('are refused for every variable, as far as the agent takes them for settings', () => {
    const names = [
      ...record.variables,
      ...record.features.map((feature) => `DistributedTask.Agent.${feature}`),
    ];

    assert.ok(names.length > 130);
    assert.deepEqual(
      names.filter((name) => !isRefused(name)),
      [],
    );
  });

  it('are refused, too, where the agent looks in its own environment, but for the proxies of the machine', () => {
    assert.deepEqual(
      record.environment.filter((name) => !isRefused(name)),
      ['no_proxy'],
    );
    assert.notEqual(nameProblem('no_proxy', 'tagged'), undefined);
  });

  it('are refused where a task must not set them', () => {
    assert.ok(readOnlyNames.size > 100);
    assert.deepEqual(
      [...readOnlyNames].filter((name) => !isRefused(name)),
      [],
    );
  });

  it('are refused where the job message and the agent set them, but for the user agents of other services', () => {
    const hosts = (['build', 'release'] as const).map((hostType) => ({ ...facts, hostType }));
    const names = hosts.flatMap((host) => [
      ...messageVariables(host).map(({ name }) => name),
      ...Object.keys(agentVariables(host)),
    ]);

    assert.deepEqual(
      [...new Set(names)].filter((name) => !isRefused(name)),
      ['MSDEPLOY_HTTP_USER_AGENT', 'AZURE_HTTP_USER_AGENT'],
    );
  });

  it('stand in the list of predefined variables once', () => {
    assert.equal(
      new Set(predefinedVariables.map((name) => name.toLowerCase())).size,
      predefinedVariables.length,
    );
  });
});

describe('the record of the agent’s settings', () => {
  const code = `
    public const string Name = "BY_CONSTANT";
    public static readonly Knob One = new Knob(
        nameof(One),
        "Text with new words (and brackets)",
        new RuntimeKnobSource("agent.one"),
        new PipelineFeatureSource(nameof(One)),
        new EnvironmentKnobSource(Name),
        new BuiltInDefaultKnobSource("false"));`;

  it('is read from the agent’s code: texts, nameof and constants', () => {
    assert.deepEqual(settingsIn(code), {
      variables: ['agent.one'],
      features: ['One'],
      environment: ['BY_CONSTANT'],
    });
  });

  it('is not made from code that can’t be read', () => {
    assert.throws(() => settingsIn(code.replace('"agent.one"', 'Elsewhere.Name')), /Elsewhere\.Name/);
  });

  it('says what it was made from', () => {
    assert.match(record.source, /AgentKnobs\.cs, releases v3\.232\.1 to v5\.\d+\.\d+$/);
  });
});
