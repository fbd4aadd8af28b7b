import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import MarkdownIt from 'markdown-it';
import { root, taskFolder } from '../shared/paths.js';
import type { ConnectionType, TaskDefinition, Values } from './definition.js';
import { connectionFieldId, taskFieldId, type PageData } from './page-data.js';

const pageFolder = join(root, 'scripts/form/page');

export function readTask(): TaskDefinition {
  return JSON.parse(readFileSync(join(taskFolder, 'task.json'), 'utf8')) as TaskDefinition;
}

/** The service connection type that the extension contributes. */
export function readConnectionType(): ConnectionType {
  const { contributions } = JSON.parse(readFileSync(join(root, 'vss-extension.json'), 'utf8')) as {
    contributions: { type: string; properties: unknown }[];
  };
  const found = contributions.find(({ type }) => type === 'ms.vss-endpoint.service-endpoint-type');
  if (found === undefined) throw new Error('vss-extension.json contributes no service connection type.');
  return found.properties as ConnectionType;
}

/** Both forms as one page that needs nothing else, not even a network. */
export async function formPage(values: Values = {}): Promise<string> {
  const task = readTask();
  const connection = readConnectionType();
  const data: PageData = { task, connection, help: helpTexts(task, connection), values };
  const skeleton = readFileSync(join(pageFolder, 'page.html'), 'utf8');
  const parts: Record<string, string> = {
    style: readFileSync(join(pageFolder, 'style.css'), 'utf8'),
    icon: readFileSync(join(taskFolder, 'icon.png')).toString('base64'),
    // A closing tag inside would end the element.
    definition: JSON.stringify(data).replaceAll('<', '\\u003c'),
    script: `<script>${(await bundlePage()).replaceAll('</script', '<\\/script')}</script>`,
    taskName: task.friendlyName,
    taskVersion: `${String(task.version.Major)}.*`,
    connectionName: connection.displayName,
  };
  return skeleton.replace(/(?:<!--)?\{\{(\w+)\}\}(?:-->)?/g, (_, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`page.html asks for {{${name}}}, which does not exist.`);
    return part;
  });
}

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(pageFolder, 'main.ts')],
    absWorkingDir: root,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

/** Azure DevOps shows the help of a task as Markdown, that of a service connection as HTML. */
function helpTexts(task: TaskDefinition, connection: ConnectionType): Record<string, string> {
  const markdown = new MarkdownIt({ html: true });
  const ofInputs = task.inputs.map(({ name, helpMarkDown }) => [
    taskFieldId(name),
    markdown.renderInline(helpMarkDown),
  ]);
  const { inputDescriptors, authenticationSchemes } = connection;
  const ofConnection = [{ displayName: '', inputDescriptors }, ...authenticationSchemes].flatMap((part) =>
    part.inputDescriptors.map(({ id, description }) => [
      connectionFieldId(part.displayName, id),
      description,
    ]),
  );
  return Object.fromEntries([
    ['task', markdown.renderInline(`${task.description} ${task.helpMarkDown}`)],
    [
      taskFieldId('displayName'),
      'Name of the step in the editor and in the log. It is made from the fields below until you type a name.',
    ],
    ...ofInputs,
    ['connection', connection.helpMarkDown],
    [connectionFieldId('', 'url'), connection.url.helpText],
    [connectionFieldId('', 'scheme'), ''],
    [
      connectionFieldId('', 'name'),
      'Name of the connection in pipelines, for example in <code>infisicalConnection</code>.',
    ],
    [connectionFieldId('', 'description'), ''],
    [
      connectionFieldId('', 'allPipelines'),
      'If off, each pipeline asks for permission on its first run, and somebody has to grant it.',
    ],
    ...ofConnection,
  ]) as Record<string, string>;
}
