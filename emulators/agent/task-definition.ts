import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TaskInput {
  name: string;
  type: string;
  defaultValue?: string | boolean;
  /** The agent reads none of these; the server and the editor do. */
  aliases?: string[];
  required?: boolean;
  visibleRule?: string;
  groupName?: string;
  options?: Record<string, string>;
  properties?: Record<string, string>;
}

export interface HandlerFields {
  target?: string;
  workingDirectory?: string;
  platforms?: string[];
}

export type Execution = Record<string, HandlerFields>;

export interface TaskDefinition {
  execution?: Execution;
  id: string;
  name: string;
  friendlyName: string;
  description: string;
  author?: string;
  helpUrl?: string;
  helpMarkDown?: string;
  version: { Major: number; Minor: number; Patch: number };
  inputs: TaskInput[];
  groups?: { name: string; visibleRule?: string }[];
  outputVariables?: { name: string }[];
  restrictions?: { commands?: { mode?: string }; settableVariables?: { allowed?: string[] } };
}

export function readDefinition(folder: string): TaskDefinition {
  const parsed = JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8')) as Partial<TaskDefinition>;
  return { inputs: [], ...parsed } as TaskDefinition;
}

export function versionOf({ version }: TaskDefinition): string {
  return [version.Major, version.Minor, version.Patch].join('.');
}

export interface Handler extends HandlerFields {
  kind: NodeHandlerKind;
}

export type NodeHandlerKind = 'Node24' | 'Node20_1' | 'Node16' | 'Node10' | 'Node';

/** The lower number wins (TaskManager.cs). Any other key, `Node24_1` too, is not one. */
const priorities: [key: string, priority: number, isWindowsOnly?: boolean][] = [
  ['Node24', 101],
  ['Node20_1', 102],
  ['Node16', 103],
  ['Node10', 104],
  ['Node', 105],
  ['PowerShell3', 106, true],
  ['PowerShell', 107, true],
  ['AzurePowerShell', 108, true],
  ['PowerShellExe', 109, true],
  ['Process', 109, true],
];

export type Platform = 'linux' | 'windows';

/**
 * The handler that runs a task: one that `platforms` prefers on Windows, else the one of the lowest number.
 * @returns undefined when the task has none for this system
 */
export function chooseHandler(execution: Execution | undefined, platform: Platform): string | undefined {
  const keys = Object.keys(execution ?? {});
  const usable = priorities
    .filter(([, , isWindowsOnly]) => isWindowsOnly !== true || platform === 'windows')
    .filter(([key]) => keyOf(keys, key) !== undefined);
  const preferred = usable.find(([key]) => {
    const { platforms = [] } = execution?.[keyOf(keys, key) ?? ''] ?? {};
    return platform === 'windows' && platforms.some((name) => name.toLowerCase() === 'windows');
  });
  return (preferred ?? usable[0])?.[0];
}

/** Newtonsoft reads names of JSON whatever their case. */
function keyOf(keys: readonly string[], wanted: string): string | undefined {
  return keys.find((key) => key.toLowerCase() === wanted.toLowerCase());
}

export function handlerFields(execution: Execution | undefined, key: string): HandlerFields {
  return execution?.[keyOf(Object.keys(execution), key) ?? ''] ?? {};
}
