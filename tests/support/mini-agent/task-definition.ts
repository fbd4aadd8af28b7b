import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TaskDefinition {
  id: string;
  name: string;
  friendlyName: string;
  description: string;
  version: { Major: number; Minor: number; Patch: number };
  inputs: { name: string; type: string; defaultValue?: string | boolean }[];
  outputVariables?: { name: string }[];
  execution: Record<string, { target: string }>;
  restrictions?: { commands?: { mode?: string }; settableVariables?: { allowed?: string[] } };
}

/** The best first; other keys are ignored. */
const handlers = ['Node24', 'Node20_1', 'Node16', 'Node10', 'Node'];

/** Reads what the agent reads from task.json. @throws Error when the task can't be run */
export function readTask(folder: string): { definition: TaskDefinition; target: string } {
  const definition = JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8')) as TaskDefinition;
  const handler = handlers.find((key) => definition.execution[key] !== undefined);
  const target = handler === undefined ? undefined : definition.execution[handler]?.target;
  if (target === undefined) throw new Error('A supported task execution handler was not found.');
  const path = join(folder, target);
  if (!existsSync(path)) throw new Error(`The task's target ${target} does not exist.`);
  return { definition, target: path };
}
