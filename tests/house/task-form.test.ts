import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ConnectionType, TaskDefinition } from '../../scripts/form/definition.js';
import { readConnectionType, readTask } from '../../scripts/form/page-file.js';
import { instanceName } from '../../scripts/form/step.js';
import { validationMessage } from '../../scripts/form/validation.js';
import { shownInputs } from '../../scripts/form/visible-rule.js';
import { applicableInputs } from '#task/config/applicable.js';
import { keySchema, secretPath } from '#task/config/fields.js';
import { readInputs } from '#task/config/inputs.js';
import { connectionProblems, formProblems } from './form-rules.js';

const task = readTask();
const connection = readConnectionType();
const [, groups] = task.dataSourceBindings ?? [];

type Change<T> = (copy: T) => void;
const changed = <T>(whole: T, change: Change<T>): T => {
  const copy = structuredClone(whole);
  change(copy);
  return copy;
};
const input = (copy: TaskDefinition, name: string): TaskDefinition['inputs'][number] => {
  const found = copy.inputs.find((candidate) => candidate.name === name);
  assert.ok(found);
  return found;
};
const rule = (text: string) => (copy: TaskDefinition) => (input(copy, 'tags').visibleRule = text);
const check = (expression: string) => ({ expression, message: 'Mend it.' });
const binding = (change: Partial<typeof groups>) => (copy: TaskDefinition) =>
  Object.assign(copy.dataSourceBindings?.[1] ?? {}, change);

describe('the form of the task', () => {
  it('keeps the rules of the platform', () => {
    assert.deepEqual(formProblems(task), []);
  });

  const broken: [problem: RegExp, change: Change<TaskDefinition>][] = [
    [/^tags: its group does not exist/, (copy) => (input(copy, 'tags').groupName = 'nowhere')],
    [
      /^infisicalSync: stands after a later group/,
      (copy) => (input(copy, 'infisicalProject').groupName = 'review'),
    ],
    [/^Environment: is there twice/, (copy) => (input(copy, 'tags').name = 'Environment')],
    [/^"Tags": two inputs are called so/, (copy) => (input(copy, 'action').label = 'Tags')],
    [
      /^tags: its rule is not "input operator value": "destination=variableGroup"/,
      rule('destination=variableGroup'),
    ],
    [
      /^tags: its rule is not "input operator value": "destination = variable-group"/,
      rule('destination = variable-group'),
    ],
    [/^tags: its rule is not "input operator value": "\(action = sync\)"/, rule('(action = sync)')],
    [/^tags: its rule mixes && and \|\|/, rule('action = sync && recursive = true || action = plan')],
    [/^tags: its rule asks for "nothing", which does not exist/, rule('nothing = sync')],
    [/^tags: its rule asks for itself/, rule('tags = x')],
    [/^tags: its rule waits for "Sync", which "action" never is/, rule('action = Sync')],
    [
      /^safety: its rule waits for "no"/,
      (copy) =>
        (((copy.groups.at(-1) ?? copy.groups[0] ?? {}) as { visibleRule?: string }).visibleRule =
          'recursive = no'),
    ],
    [
      /^maxDeletions: YAML asks for it/,
      (copy) => Object.assign(input(copy, 'allowEmptySource'), { name: 'maxDeletions', required: true }),
    ],
    [/^tags: its label is too long/, (copy) => (input(copy, 'tags').label = 'T'.repeat(51))],
    [/^tags: its help is too long/, (copy) => (input(copy, 'tags').helpMarkDown = 'for example '.repeat(40))],
    [/^tags: its help has no example/, (copy) => (input(copy, 'tags').helpMarkDown = 'Tags.')],
    [/^tags: its help holds HTML/, (copy) => (input(copy, 'tags').helpMarkDown += '<b>')],
    [/^tags: links to "http:/, (copy) => (input(copy, 'tags').helpMarkDown += '[x](http://example.com)')],
    [/^action: its default is no option/, (copy) => (input(copy, 'action').defaultValue = 'all')],
    [
      /^action: no rule can name the option "do-it"/,
      (copy) => (input(copy, 'action').options = { sync: 'S', plan: 'P', remove: 'R', 'do-it': 'D' }),
    ],
    [/^tags: only a pickList has/, (copy) => (input(copy, 'tags').properties = { EditableOptions: 'True' })],
    [/^azureDevOpsProject: nothing fills its list/, (copy) => copy.dataSourceBindings?.shift()],
    [
      /^variableGroup: two bindings fill it/,
      (copy) => copy.dataSourceBindings?.push(groups ?? assert.fail()),
    ],
    [/^group: a binding fills it, but it does not exist/, binding({ target: 'group' })],
    [/^tags: only a pickList can be filled/, binding({ target: 'tags' })],
    [/^variableGroup: nothing can be typed/, (copy) => delete input(copy, 'variableGroup').properties],
    [/^variableGroup: is not asked of this organization/, binding({ endpointId: '$(infisicalConnection)' })],
    [/^variableGroup: its address has no beginning/, binding({ endpointUrl: '/_apis/projects' })],
    [/^variableGroup: its address asks for an input/, binding({ parameters: { project: '$(project)' } })],
    [
      /^variableGroup: paging needs all three/,
      (copy) => delete copy.dataSourceBindings?.[1]?.callbackContextTemplate,
    ],
    [/^variableGroup: its rows are not/, binding({ resultTemplate: '{ "value": "{{{name}}}" }' })],
    [
      /^instanceNameFormat: "infisicalConnection" is no text/,
      (copy) => (copy.instanceNameFormat += ' $(infisicalConnection)'),
    ],
    [
      /^instanceNameFormat: is "Sync \(\)" when all is empty/,
      (copy) => (copy.instanceNameFormat = 'Sync ($(environment))'),
    ],
    [
      /^instanceNameFormat: is "Sync {3}\/" when all is empty/,
      (copy) => (copy.instanceNameFormat = 'Sync $(infisicalProject) $(environment) $(secretPath)'),
    ],
    [
      /^instanceNameFormat: "variableGroup" may be hidden/,
      (copy) => (copy.instanceNameFormat += ' $(variableGroup)'),
    ],
    [
      /^instanceNameFormat: "maxDeletions" may be hidden/,
      (copy) => {
        delete input(copy, 'maxDeletions').visibleRule;
        copy.instanceNameFormat += ' $(maxDeletions)';
      },
    ],
    [
      /^recursive: only a text field can be checked/,
      (copy) => (input(copy, 'recursive').validation = check("isMatch(value, 'x', 'Multiline')")),
    ],
    [/^tags: its check is not "isMatch/, (copy) => (input(copy, 'tags').validation = check('isUrl(value)'))],
    [
      /^secretPath: its own default would be refused/,
      (copy) => (input(copy, 'secretPath').validation = check("isMatch(value, '^[a-z]$', 'Multiline')")),
    ],
  ];
  for (const [problem, change] of broken) {
    it(`would be refused: ${problem.source}`, () => {
      assert.ok(formProblems(changed(task, change)).some((found) => problem.test(found)));
    });
  }

  it('has the labels of Infisical’s wizard, in its order', () => {
    const wizard = {
      Source: ['Environment', 'Secret Path', 'Include secrets from subfolders'],
      Destination: ['Azure DevOps Connection', 'Project'],
      'Sync Options': ['Initial Sync Behavior', 'Key Schema', 'Auto-Sync Enabled', 'Disable Secret Deletion'],
      Details: ['Name', 'Description'],
      Review: [],
    };
    const ours = task.groups.map(({ name, displayName }) => {
      const labels = task.inputs.filter(({ groupName }) => groupName === name).map(({ label }) => label);
      const wanted = wizard[displayName as keyof typeof wizard] as readonly string[] | undefined;
      return [displayName, labels.filter((label) => wanted?.includes(label) === true)];
    });

    assert.deepEqual(Object.fromEntries(ours.slice(0, 5)), wizard);
  });

  it('shows exactly the inputs that count, for each destination, action and identity', () => {
    const choices = (name: string): string[] => Object.keys(input(task, name).options ?? {});
    for (const destination of choices('destination'))
      for (const action of choices('action'))
        for (const azureDevOpsConnectionType of choices('azureDevOpsConnectionType')) {
          const chosen: Record<string, string> = { destination, action, azureDevOpsConnectionType };
          const raw = readInputs((name) => chosen[name] ?? 'x');
          const counting = Object.entries(applicableInputs(raw)).filter(([, text]) => text !== '');

          assert.deepEqual(
            shownInputs(task, chosen).map(({ name }) => name),
            counting.map(([name]) => name),
            JSON.stringify(chosen),
          );
        }
  });

  it('names a step by what it does with which environment', () => {
    const named = [
      {},
      { infisicalProject: 'shop', environment: 'prod' },
      { infisicalProject: 'shop', environment: 'prod', action: 'plan' },
      { infisicalProject: 'shop', infisicalSync: 'shop-prod' },
    ].map((values) => instanceName(task, values).trim());

    assert.deepEqual(named, [
      'Infisical secrets: sync',
      'Infisical secrets: sync shop prod',
      'Infisical secrets: plan shop prod',
      'Infisical secrets: sync shop',
    ]);
  });

  const checked = [
    ['secretPath', secretPath, ['/', 'api', ' ', '.', '-', 'A']],
    [
      'keySchema',
      keySchema,
      [
        '{{secretKey}}',
        '{{secretkey}}',
        '{{environment}}',
        '{{',
        '}}',
        'secretKey',
        'APP',
        '_',
        '-',
        '.',
        ' ',
        '/',
        'é',
      ],
    ],
  ] as const;
  for (const [name, field, parts] of checked) {
    it(`refuses what the run would refuse, and nothing else: ${name}`, () => {
      const { validation } = input(task, name);
      const texts = fc.array(fc.constantFrom(...parts), { maxLength: 6 }).map((some) => some.join(''));
      fc.assert(
        fc.property(texts, (text) => {
          assert.equal(
            validationMessage(validation, text) === '',
            field.safeParse(text.trim()).success,
            text,
          );
        }),
      );
    });
  }

  it('marks as required what the task can’t do without, for each destination', () => {
    const marked = task.inputs.filter(({ required }) => required === true).map(({ name }) => name);

    assert.deepEqual(marked, [
      ...['infisicalConnection', 'infisicalProject', 'destination'],
      ...['azureDevOpsConnection', 'azureDevOpsTokenConnection', 'variableGroup', 'action'],
    ]);
  });
});

describe('the form of the service connection', () => {
  it('keeps the rules of the platform', () => {
    assert.deepEqual(connectionProblems(connection), []);
  });

  type Scheme = ConnectionType['authenticationSchemes'][number];
  const scheme = (index: number, change: Change<Scheme>) => (copy: ConnectionType) => {
    change(copy.authenticationSchemes[index] ?? assert.fail());
  };
  const broken: [problem: RegExp, change: Change<ConnectionType>][] = [
    [
      /^basic: is there twice/,
      (copy) => copy.authenticationSchemes.push(copy.authenticationSchemes[0] ?? assert.fail()),
    ],
    [/^oauth2: is not ours/, scheme(1, (token) => (token.type = token.type.replace('token', 'oauth2')))],
    [/^dataSources: promise a check/, (copy) => (copy.dataSources = [{ name: 'TestConnection' }])],
    [/^url: is hidden/, (copy) => (copy.url.isVisible = 'false')],
    [/^helpMarkDown: links to/, (copy) => (copy.helpMarkDown += '<a href="https://example.com">x</a>')],
    [/would add its own "apitoken"/, scheme(1, (token) => token.inputDescriptors.shift())],
    [
      /password is shown otherwise/,
      scheme(0, (basic) => Object.assign(basic.inputDescriptors[1] ?? {}, { inputMode: 'textbox' })),
    ],
    [
      /username is shown otherwise/,
      scheme(0, (basic) => Object.assign(basic.inputDescriptors[0] ?? {}, { isConfidential: true })),
    ],
    [
      /username does not say what it is/,
      scheme(0, (basic) => Object.assign(basic.inputDescriptors[0] ?? {}, { description: '' })),
    ],
    [
      /identityId is there twice/,
      scheme(2, (none) => none.inputDescriptors.push(none.inputDescriptors[0] ?? assert.fail())),
    ],
  ];
  for (const [problem, change] of broken) {
    it(`would be refused: ${problem.source}`, () => {
      assert.ok(connectionProblems(changed(connection, change)).some((found) => problem.test(found)));
    });
  }
});
