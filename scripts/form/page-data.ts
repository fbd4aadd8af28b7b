import type { ConnectionType, TaskDefinition, Values } from './definition.js';

/** What the page is given: the definitions, and their help texts as HTML. */
export interface PageData {
  task: TaskDefinition;
  connection: ConnectionType;
  /** By the ID of the field. */
  help: Readonly<Record<string, string>>;
  /** What the fields of the task hold at first, beside the defaults. */
  values: Values;
}

export const taskFieldId = (input: string): string => `task-${input}`;

/** The same input may be in several schemes. */
export const connectionFieldId = (scheme: string, input: string): string =>
  `connection-${scheme.replaceAll(/\W+/g, '-').toLowerCase()}-${input}`;
