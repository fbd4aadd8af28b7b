import assert from 'node:assert/strict';
import { madeSyncName } from '#task/domain/sync-name.js';
import { parseConfig } from '#task/config/config.js';
import { readInputs, type InputName, type RawInputs } from '#task/config/inputs.js';

const given: Partial<RawInputs> = {
  infisicalConnection: 'connection-1',
  infisicalProject: 'shop',
  environment: 'prod',
  variableGroup: 'web',
};
const raw = (rest: Partial<RawInputs> = {}): RawInputs => {
  const inputs = { ...given, ...rest };
  return readInputs((name) => inputs[name]);
};
const problemsOf = (rest: Partial<RawInputs>): string[] => {
  try {
    parseConfig(raw(rest));
    return [];
  } catch (error) {
    assert.ok(error instanceof Error && 'problems' in error);
    return error.problems as string[];
  }
};

describe('parseConfig', () => {
  it('fills in the defaults', () => {
    const config = parseConfig(raw());

    assert.deepEqual(config.source, {
      project: { kind: 'slug', text: 'shop' },
      environment: 'prod',
      secretPath: '/',
      recursive: false,
      includeImports: true,
      expandSecretReferences: true,
      tags: [],
    });
    assert.deepEqual(config.destination, {
      kind: 'variableGroup',
      signIn: { kind: 'currentPipeline' },
      project: '',
      variableGroup: 'web',
      authorizePipelines: 'none',
    });
    const { keySchema, ...settings } = config.settings;
    assert.equal(keySchema.narrows, false);
    assert.deepEqual(settings, {
      action: 'sync',
      syncName: madeSyncName({ project: 'shop', environment: 'prod', secretPath: '/' }),
      plainTag: '',
      overwriteOnFirstSync: false,
      disableSecretDeletion: false,
      autoSync: true,
      ...{ detectChanges: true, approvedPlan: '' },
      allowEmptySource: false,
    });
  });

  it('takes what is given', () => {
    const { source, destination, settings } = parseConfig(
      raw({
        infisicalProject: 'ea6e9a42-a852-4889-9d38-1f72e9760005',
        secretPath: '/api/',
        recursive: 'True',
        includeImports: 'FALSE',
        tags: ' web, ,job ',
        azureDevOpsProject: 'Other',
        authorizePipelines: 'allPipelines',
        initialSyncBehavior: 'overwriteDestination',
        keySchema: 'X_{{secretKey}}',
        syncName: 'My-Sync',
        syncDescription: 'text',
        action: 'sync',
        maxDeletions: '-1',
      }),
    );

    assert.deepEqual(source.project, { kind: 'id', text: 'ea6e9a42-a852-4889-9d38-1f72e9760005' });
    assert.deepEqual(
      [source.secretPath, source.recursive, source.includeImports, source.tags],
      ['/api', true, false, ['web', 'job']],
    );
    assert.deepEqual(destination, {
      kind: 'variableGroup',
      signIn: { kind: 'currentPipeline' },
      project: 'Other',
      variableGroup: 'web',
      authorizePipelines: 'allPipelines',
    });
    assert.deepEqual(
      [
        settings.syncName,
        settings.syncDescription,
        settings.action,
        settings.maxDeletions,
        settings.overwriteOnFirstSync,
      ],
      ['my-sync', 'text', 'sync', -1, true],
    );
  });

  it('makes the name of the sync from project, environment and path as typed', () => {
    const nameOf = (given: Parameters<typeof raw>[0]): string => parseConfig(raw(given)).settings.syncName;

    assert.equal(nameOf({ secretPath: '/API_v2/web/' }), nameOf({ secretPath: '/API_v2/web' }));
    assert.match(nameOf({ secretPath: '/API_v2/web' }), /^shop-prod-api-v2-web-[a-z0-9]{8}$/);
  });

  it('takes 24 hex digits for an ID', () => {
    assert.equal(
      parseConfig(raw({ infisicalProject: '64f1c2a9b3d4e5f60718293a' })).source.project.kind,
      'id',
    );
  });

  it('takes the variables of this run and a pipeline for destinations', () => {
    const destination = (rest: Partial<RawInputs>) =>
      parseConfig(raw({ variableGroup: '', ...rest })).destination;

    assert.deepEqual(destination({ destination: 'pipelineVariables', setAsOutput: 'true' }), {
      kind: 'pipelineVariables',
      setAsOutput: true,
    });
    assert.deepEqual(
      destination({ destination: 'pipelineDefinition', pipelineId: '42', azureDevOpsProject: 'Other' }),
      { kind: 'pipelineDefinition', signIn: { kind: 'currentPipeline' }, project: 'Other', pipelineId: 42 },
    );
    assert.deepEqual(destination({ destination: 'pipelineDefinition' }), {
      kind: 'pipelineDefinition',
      signIn: { kind: 'currentPipeline' },
      project: '',
      pipelineId: undefined,
    });
  });

  it('takes the service connection that the way of signing in names, and no other', () => {
    const signIn = (rest: Partial<RawInputs>) => {
      const { destination } = parseConfig(
        raw({ azureDevOpsConnection: 'c-1', azureDevOpsTokenConnection: 'c-2', ...rest }),
      );
      return destination.kind === 'pipelineVariables' ? undefined : destination.signIn;
    };

    assert.deepEqual(signIn({}), { kind: 'currentPipeline' });
    assert.deepEqual(signIn({ azureDevOpsConnectionType: 'entra' }), { kind: 'entra', connectionId: 'c-1' });
    assert.deepEqual(signIn({ azureDevOpsConnectionType: 'personalAccessToken' }), {
      kind: 'personalAccessToken',
      connectionId: 'c-2',
    });
  });

  it('asks for the service connection that the way of signing in needs', () => {
    assert.match(
      problemsOf({ azureDevOpsConnectionType: 'entra' }).join(),
      /^azureDevOpsConnection: is empty/,
    );
    assert.match(
      problemsOf({ azureDevOpsConnectionType: 'personalAccessToken' }).join(),
      /^azureDevOpsTokenConnection: is empty/,
    );
  });

  const wrong = '$(unset)';
  const ignored: [Partial<RawInputs>, InputName[]][] = [
    [
      { destination: 'pipelineVariables' },
      [
        'azureDevOpsConnectionType',
        'azureDevOpsConnection',
        'azureDevOpsTokenConnection',
        'azureDevOpsProject',
        'variableGroup',
        'authorizePipelines',
        'pipelineId',
        'initialSyncBehavior',
        'autoSync',
        'disableSecretDeletion',
        'syncDescription',
        'maxDeletions',
      ],
    ],
    [
      { destination: 'pipelineDefinition' },
      ['variableGroup', 'authorizePipelines', 'setAsOutput', 'syncDescription'],
    ],
    [
      { destination: 'variableGroup' },
      ['pipelineId', 'setAsOutput', 'azureDevOpsConnection', 'azureDevOpsTokenConnection'],
    ],
    [{ action: 'plan' }, ['authorizePipelines', 'autoSync']],
    [
      { action: 'remove' },
      ['authorizePipelines', 'plainTag', 'syncDescription', 'maxDeletions', 'allowEmptySource'],
    ],
  ];
  for (const [chosen, names] of ignored) {
    it(`ignores what does not apply to ${JSON.stringify(chosen)}, whatever is in it`, () => {
      const hidden = Object.fromEntries(names.map((name) => [name, wrong]));

      assert.deepEqual(problemsOf({ ...chosen, ...hidden }), []);
    });
  }

  it('says everything that is wrong at once, in the order of the form', () => {
    assert.deepEqual(
      problemsOf({ infisicalConnection: '', infisicalProject: '', environment: '', variableGroup: '' }).map(
        (problem) => problem.split(':')[0],
      ),
      ['infisicalConnection', 'infisicalProject', 'environment', 'variableGroup'],
    );
  });

  const refused: [Partial<RawInputs>, RegExp][] = [
    [
      { infisicalProject: 'My Shop' },
      /^infisicalProject: is "My Shop", which is neither a project ID nor a slug/,
    ],
    [{ environment: `$(${'x'.repeat(999)})` }, /^environment: contains \$\(x{200}…\)/],
    [{ environment: 'Pro duction' }, /^environment: is "Pro duction"\. Enter the slug of the environment/],
    [{ environment: 'x'.repeat(65) }, /^environment: /],
    [{ secretPath: 'api' }, /^secretPath: is "api"\. Start the path with "\/"/],
    [{ secretPath: '/a//b' }, /^secretPath: is "\/a\/\/b"\. Remove the second slash/],
    [{ recursive: 'yes' }, /^recursive: is "yes"\. Enter true or false/],
    [
      { destination: 'job' },
      /^destination: is "job"\. Choose "variableGroup", "pipelineVariables" or "pipelineDefinition"\./,
    ],
    [{ authorizePipelines: 'some' }, /^authorizePipelines: .*"none", "thisPipeline" or "allPipelines"/],
    [
      { initialSyncBehavior: 'importPrioritizeSource' },
      /^initialSyncBehavior: .*never returns secret values/,
    ],
    [{ initialSyncBehavior: 'merge' }, /^initialSyncBehavior: is "merge"\. Choose "overwriteDestination"/],
    [{ keySchema: 'APP' }, /^keySchema: is "APP"\. It must contain \{\{secretKey\}\} exactly once/],
    [{ syncName: 'my sync' }, /^syncName: is "my sync"/],
    [{ syncName: 'a--b' }, /^syncName: /],
    [{ syncName: 'x'.repeat(257) }, /^syncName: /],
    [{ syncDescription: 'x'.repeat(257) }, /^syncDescription: has 257 characters/],
    [{ syncDescription: '[infisical-sync: x]' }, /^syncDescription: contains "\[infisical-sync"/],
    [{ action: 'delete' }, /^action: is "delete"/],
    [
      { action: 'remove', disableSecretDeletion: 'true' },
      /^action: is "remove", but disableSecretDeletion is true/,
    ],
    [
      { destination: 'pipelineVariables', action: 'remove' },
      /^action: is "remove", but the variables of a run disappear when it ends/,
    ],
    [
      { destination: 'pipelineDefinition', action: 'remove', keySchema: '{{secretKey}}' },
      /^keySchema: has no prefix or suffix\. Without one, the task cannot tell which variables/,
    ],
    [
      { destination: 'pipelineDefinition', pipelineId: 'nightly' },
      /^pipelineId: is "nightly"\. Enter the number/,
    ],
    [{ destination: 'pipelineDefinition', pipelineId: '0' }, /^pipelineId: is "0"/],
    [{ destination: 'pipelineDefinition', pipelineId: '2147483648' }, /^pipelineId: /],
    [
      { destination: 'pipelineVariables', setAsOutput: 'yes' },
      /^setAsOutput: is "yes"\. Enter true or false/,
    ],
    [{ maxDeletions: 'many' }, /^maxDeletions: is "many"/],
    [{ maxDeletions: '-2' }, /^maxDeletions: /],
    [{ maxDeletions: '1.5' }, /^maxDeletions: /],
    [{ allowEmptySource: '1' }, /^allowEmptySource: is "1"/],
    [{ variableGroup: '' }, /^variableGroup: is empty.*for example "shop-prod"/],
    [
      { tags: ' , ,' },
      /^tags: is ", ,", which names no tag\. Enter slugs of tags, or leave it empty for all/,
    ],
    [
      { variableGroup: '$(group)' },
      /^variableGroup: contains \$\(group\), which was not replaced: there is no variable "group" in this run\.$/,
    ],
    [{ variableGroup: '$[ variables.g ]' }, /^variableGroup: contains \$\[…\].*Use \$\(name\) or/],
    [{ environment: '$(env)' }, /^environment: contains \$\(env\), which was not replaced/],
  ];
  for (const [rest, expected] of refused) {
    it(`refuses ${JSON.stringify(rest).slice(0, 70)}`, () => {
      const problems = problemsOf(rest);

      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', expected);
    });
  }
});
