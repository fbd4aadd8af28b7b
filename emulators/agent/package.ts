import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expandMacros } from './macros.js';
import { readDefinition, versionOf, type TaskDefinition } from './task-definition.js';

export interface InstalledTask {
  definition: TaskDefinition;
  folder: string;
}

/**
 * Installs the task of a folder, or every task of an unpacked .vsix, where the agent keeps them: read-only, because
 * that is how a container job mounts them (TaskManager.cs, ContainerOperationProvider.cs).
 * @throws Error when there is no task, or a script that task.json names is missing
 */
export function installTasks(source: string, tasksFolder: string): InstalledTask[] {
  return taskFolders(source).map((from) => {
    const definition = readDefinition(from);
    const folder = join(tasksFolder, `${definition.name}_${definition.id}`, versionOf(definition));
    refuseMissingTargets(definition, from);
    mkdirSync(folder, { recursive: true });
    cpSync(from, folder, { recursive: true });
    writeFileSync(`${folder}.completed`, '');
    setWritable(folder, false);
    return { definition, folder };
  });
}

export function uninstallTasks(tasks: readonly InstalledTask[]): void {
  for (const { folder } of tasks) setWritable(folder, true);
}

function taskFolders(source: string): string[] {
  if (existsSync(join(source, 'task.json'))) return [source];
  const manifest = join(source, 'extension.vsomanifest');
  const { contributions = [] } = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as { contributions?: Contribution[] })
    : {};
  const folders = contributions
    .filter(({ type }) => type === 'ms.vss-distributed-task.task')
    .map(({ properties }) => join(source, properties?.name ?? ''));
  if (folders.length === 0)
    throw new Error(`${source} holds neither task.json nor an extension that contributes a task.`);
  return folders;
}

interface Contribution {
  type?: string;
  properties?: { name?: string };
}

function refuseMissingTargets(definition: TaskDefinition, folder: string): void {
  for (const { target } of Object.values(definition.execution ?? {})) {
    if (target === undefined) continue;
    const script = expandMacros(target, currentDirectory(''));
    // What an input or a variable will name is not known yet.
    if (!script.includes('$(') && !existsSync(join(folder, script)))
      throw new Error(`The task's target ${target} does not exist.`);
  }
}

/** The only macro of handlers that the agent expands by itself. */
export function currentDirectory(folder: string): (name: string) => string | undefined {
  return (name) => (name.toLowerCase() === 'currentdirectory' ? folder : undefined);
}

function setWritable(folder: string, isWritable: boolean): void {
  chmodSync(folder, isWritable ? 0o755 : 0o555);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) setWritable(path, isWritable);
    else if (entry.isFile()) chmodSync(path, isWritable ? 0o644 : 0o444);
  }
}
