import assert from 'node:assert/strict';
import { readDefinition } from '../../emulators/agent/task-definition.js';
import { builtInTasks } from '../support/built-in-tasks.js';
import { readDocument } from '../support/markdown.js';
import { keysOf, pipelineSchema, taskSchema } from '../support/pipeline-schema.js';
import { documents, yamlDocuments, yamlIn } from '../support/yaml-documents.js';
import { underlinedIn } from '../support/yaml-editor.js';

const task = readDefinition('tasks/InfisicalSecretSync');
const schema = pipelineSchema([task, ...builtInTasks]);
const step = (inputs: string): string =>
  `steps:\n  - task: InfisicalSecretSync@1\n    inputs:\n${inputs.replace(/^/gm, '      ')}\n`;
const needed = 'infisicalConnection: infisical\ninfisicalProject: shop\nenvironment: prod';

describe('the YAML of the documents, in the editor of Azure Pipelines', () => {
  it('is found', () => {
    assert.ok(yamlDocuments().length >= 5);
  });

  for (const document of yamlDocuments()) {
    for (const [index, text] of yamlIn(document).entries()) {
      it(`has nothing underlined: ${document}, no. ${String(index + 1)}`, async () => {
        assert.deepEqual(await underlinedIn(text, schema), []);
      });
    }
  }
});

describe('the placeholders in the documents', () => {
  // At the start of a value, {{ opens a mapping: a YAML error, or "[object Object]" for the task.
  it('stand in quotes, so that a copy works with any other placeholder first', () => {
    const isUnquoted = (line: string): boolean => /^[^"'#]*\{\{/.test(line);
    const linesOf = (document: string): string[] => [
      ...yamlIn(document).flatMap((text) => text.split('\n')),
      ...readDocument(document).codes.filter((code) => /^\w+: /.test(code)),
    ];
    const found = documents().flatMap((document) =>
      linesOf(document)
        .filter(isUnquoted)
        .map((line) => `${document}: ${line.trim()}`),
    );

    assert.deepEqual(found, []);
  });
});

describe('the editor', () => {
  for (const [title, text] of [
    ['a step with the required inputs', step(needed)],
    ['inputs and options in another case', step(`${needed}\nVARIABLEGROUP: a\naction: PLAN`)],
    ['variables', step(`${needed}\naction: $(action)\nrecursive: $(recursive)`)],
    ['expressions', step(`${needed}\naction: \${{ variables.action }}`)],
  ] as const) {
    it(`takes ${title}`, async () => {
      assert.deepEqual(await underlinedIn(text, schema), []);
    });
  }

  for (const [title, text, message] of [
    ['a missing input', step(needed.replace(/infisicalProject.*\n/, '')), /^3: .*"infisicalProject"/],
    ['an unknown input', step(`${needed}\nsecretsPath: /`), /^7: .*secretsPath/],
    [
      'an option that does not exist',
      step(`${needed}\naction: dry-run`),
      /^7: .*"sync", "plan", "check", "remove"/,
    ],
    ['a boolean that is none', step(`${needed}\nrecursive: maybe`), /^7: .*boolean/],
    ['a number in its place', step(`${needed}\nautoSync: 1`), /^7: .*boolean/],
    ['an input twice', step(`${needed}\nenvironment: dev`), /^6: duplicate key$/m],
    ['no inputs', 'steps:\n  - task: InfisicalSecretSync@1\n', /^2: .*"inputs"/],
    ['a misspelt word', step(needed).replace('inputs:', 'input:'), /^3: .*input$/m],
    ['another version', step(needed).replace('@1', '@9'), /^2: /],
    ['a key of no pipeline', `dependson: a\n${step(needed)}`, /^1: .*dependson/],
    ['a word of no lock', 'stages:\n  - stage: a\n    lockBehavior: always\n', /^3: .*"sequential"/],
    ['what is no YAML', 'steps:\n  - task: "InfisicalSecretSync@1\n', /^\d+: /],
  ] as const) {
    it(`underlines ${title}`, async () => {
      const found = await underlinedIn(text, schema);

      assert.match(found.join('\n'), message);
    });
  }
});

describe('what Azure DevOps makes of task.json', () => {
  it('asks for the inputs that have neither a default nor a rule when they show', () => {
    assert.deepEqual(taskSchema(task).properties?.['inputs']?.required, [
      'infisicalConnection',
      'infisicalProject',
    ]);
  });

  it('knows every input', () => {
    const keys = keysOf(taskSchema(task));

    assert.deepEqual(
      task.inputs.filter(({ name }) => !keys.includes(name)),
      [],
    );
  });
});
