import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { builtInTasks } from '../support/built-in-tasks.js';
import { readDocument } from '../support/markdown.js';
import { readDefinition } from '../../emulators/agent/task-definition.js';
import { networks } from '../support/networks.js';
import { keysOf, pipelineSchema } from '../support/pipeline-schema.js';
import { documents } from '../support/yaml-documents.js';

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const isWeb = (target: string): boolean => /^(?:https?|mailto):/.test(target);
/** Where a link of a document leads: a path from the root, and an anchor there. */
const targetOf = (document: string, link: string): { path: string; anchor: string } => {
  const [to = '', anchor = ''] = decodeURIComponent(link).split('#');
  return { path: to === '' ? document : normalize(join(dirname(document), to)), anchor };
};
const broken = (
  kind: 'links' | 'images',
  isGood: (target: ReturnType<typeof targetOf>) => boolean,
): string[] =>
  documents().flatMap((document) => {
    const targets = readDocument(document)[kind];
    const bad = targets.filter((target) => !isWeb(target) && !isGood(targetOf(document, target)));
    return bad.map((target) => `${document}: ${target}`);
  });

describe('the documents', () => {
  it('link only to files that exist', () => {
    assert.deepEqual(
      broken('links', ({ path }) => existsSync(path)),
      [],
    );
  });

  it('link only to headings that exist', () => {
    const exists = ({ path, anchor }: ReturnType<typeof targetOf>): boolean =>
      anchor === '' || !path.endsWith('.md') || readDocument(path).anchors.includes(anchor);

    assert.deepEqual(broken('links', exists), []);
  });

  it('link to no place that was made up', () => {
    const invented = /your-publisher-id|example\.(?:com|invalid|org)|github\.com\/(?:your|example|org)/i;
    const links = documents().flatMap((path) => readDocument(path).links);

    assert.deepEqual(
      links.filter((link) => invented.test(link)),
      [],
    );
  });

  it('show pictures that exist, of at most 1 MB', () => {
    assert.deepEqual(
      broken('images', ({ path }) => existsSync(path) && statSync(path).size <= 1024 * 1024),
      [],
    );
  });

  it('name only scripts that exist', () => {
    const { scripts } = json('package.json') as { scripts: Record<string, string> };
    const named = documents().flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1] ?? ''),
    );

    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
    );
  });

  it('are all in the list of their folder', () => {
    const listed = readDocument('docs/recipes/README.md').links.map((link) => join('docs/recipes', link));

    assert.deepEqual(
      documents().filter((path) => /^docs\/recipes\/(?!README)/.test(path) && !listed.includes(path)),
      [],
    );
  });
});

describe('the words in backticks', () => {
  const task = readDefinition('tasks/InfisicalSecretSync');
  const outputs = (task.outputVariables ?? []).map(({ name }) => name);
  const inputs = task.inputs.map(({ name }) => name);
  const options = task.inputs.flatMap((input) => Object.keys(input.options ?? {}));
  const ofPipelines = [...keysOf(pipelineSchema([task, ...builtInTasks])), 'runLatest', 'settableVariables'];
  const connectionTypes = ['infisicalMachineIdentity', 'infisicalMachineIdentityDev'];
  const stories = Object.keys(networks);
  const known = [...connectionTypes, ...stories, ...inputs, ...outputs, ...options, ...ofPipelines];
  const forUsers =
    /^(?:README\.md|overview\.md|docs\/(?:recipes\/.*|troubleshooting|connections|publishing|inputs|comparison|limits)\.?.*)$/;
  const camelCase = /^([a-z]+(?:[A-Z][a-z]+)+)(?:: (\S+))?$/;
  const uses = documents()
    .filter((path) => forUsers.test(path))
    .flatMap((path) => readDocument(path).codes.map((code) => ({ path, match: camelCase.exec(code) })))
    .flatMap(({ path, match }) => (match === null ? [] : [{ path, name: match[1] ?? '', value: match[2] }]));

  it('that look like the name of an input are one, or an option, an output or a key of a pipeline', () => {
    assert.ok(uses.length > 100);
    assert.deepEqual(
      uses.filter(({ name }) => !known.includes(name)).map(({ path, name }) => `${path}: ${name}`),
      [],
    );
  });

  it('that give an input a value give it one of its options', () => {
    const isWrong = ({ name, value }: (typeof uses)[number]): boolean => {
      const input = task.inputs.find((candidate) => candidate.name === name);
      const choices = input?.type === 'boolean' ? ['true', 'false'] : Object.keys(input?.options ?? {});
      return value !== undefined && choices.length > 0 && !choices.includes(value);
    };

    assert.ok(uses.some(({ value }) => value !== undefined));
    assert.deepEqual(
      uses.filter(isWrong).map(({ path, name, value }) => `${path}: ${name}: ${String(value)}`),
      [],
    );
  });
});
