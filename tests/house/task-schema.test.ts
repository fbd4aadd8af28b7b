import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';

/**
 * The rules of the platform's task.json, written down from Microsoft's tasks.schema.json (azure-pipelines-task-lib)
 * as far as this task uses them; the published file itself is not part of any npm package.
 */
const name = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9]*$' };
const strict = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const text = { type: 'string', minLength: 1 };
const number = { type: 'integer', minimum: 0 };
const handler = strict({ target: text, platforms: { type: 'array' } }, ['target']);
const yesNo = { enum: ['True', 'False'] };

const schema = strict(
  {
    $schema: text,
    id: { type: 'string', pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' },
    name: { type: 'string', pattern: '^[A-Za-z0-9-]+$' },
    friendlyName: { type: 'string', minLength: 1, maxLength: 40 },
    description: text,
    helpUrl: text,
    helpMarkDown: text,
    author: text,
    preview: { type: 'boolean' },
    category: { enum: ['Build', 'Utility', 'Test', 'Package', 'Deploy', 'Azure Pipelines'] },
    visibility: { type: 'array', items: { enum: ['Build', 'Release'] } },
    runsOn: { type: 'array', items: { enum: ['Agent', 'MachineGroup', 'DeploymentGroup'] } },
    demands: { type: 'array', items: text },
    minimumAgentVersion: { type: 'string', pattern: '^\\d+\\.\\d+(\\.\\d+)?$' },
    version: strict({ Major: number, Minor: number, Patch: number }, ['Major', 'Minor', 'Patch']),
    instanceNameFormat: text,
    groups: {
      type: 'array',
      items: strict({ name, displayName: text, isExpanded: { type: 'boolean' }, visibleRule: text }, [
        'name',
        'displayName',
        'isExpanded',
      ]),
    },
    inputs: {
      type: 'array',
      items: strict(
        {
          name,
          aliases: { type: 'array', items: name },
          label: text,
          type: {
            type: 'string',
            pattern:
              '^(boolean|multiLine|pickList|radio|string|int|secureFile|connectedService:[A-Za-z0-9]+)$',
          },
          defaultValue: { type: ['string', 'boolean'] },
          required: { type: 'boolean' },
          helpMarkDown: text,
          groupName: name,
          // What may stand in a rule is in form-rules.ts.
          visibleRule: text,
          properties: strict({ EditableOptions: yesNo, DisableManageLink: yesNo, IsSearchable: yesNo }),
          options: { type: 'object', additionalProperties: text },
          // Not in tasks.schema.json; SshV0, KubernetesManifestV1 and others of Microsoft's tasks have it.
          validation: strict({ expression: text, message: text }, ['expression', 'message']),
        },
        ['name', 'label', 'type', 'helpMarkDown', 'groupName'],
      ),
    },
    dataSourceBindings: {
      type: 'array',
      items: strict(
        {
          target: name,
          endpointId: text,
          endpointUrl: text,
          resultSelector: text,
          resultTemplate: text,
          parameters: { type: 'object', additionalProperties: text },
          initialContextTemplate: text,
          callbackContextTemplate: text,
          callbackRequiredTemplate: text,
        },
        ['target', 'endpointId', 'endpointUrl', 'resultSelector', 'resultTemplate'],
      ),
    },
    outputVariables: { type: 'array', items: strict({ name, description: text }, ['name', 'description']) },
    execution: strict({ Node24: handler, Node20_1: handler }, ['Node24', 'Node20_1']),
  },
  [
    'id',
    'name',
    'friendlyName',
    'description',
    'author',
    'category',
    'version',
    'instanceNameFormat',
    'execution',
  ],
);

interface Task {
  inputs: object[];
  outputVariables: { name: string }[];
}

describe('task.json', () => {
  const task = JSON.parse(
    readFileSync(join(process.cwd(), 'tasks/InfisicalSecretSync/task.json'), 'utf8'),
  ) as Task;
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

  it('fits the rules of the platform', () => {
    validate(task);

    assert.deepEqual(validate.errors, null);
  });

  for (const [title, broken] of [
    ['a runner that does not exist', { ...task, execution: { Node22: { target: 'index.js' } } }],
    ['an input name with an underscore', { ...task, inputs: [{ ...task.inputs[0], name: 'secret_path' }] }],
    ['a field that nobody knows', { ...task, extra: true }],
  ] as const) {
    it(`would be refused with ${title}`, () => {
      assert.equal(validate(broken), false);
    });
  }

  it('names each output once, whatever the case', () => {
    const names = task.outputVariables.map((item) => item.name.toLowerCase());

    assert.equal(new Set(names).size, names.length);
  });
});
