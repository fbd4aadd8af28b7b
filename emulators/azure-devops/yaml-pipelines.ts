import { parse } from 'yaml';
import { isObject } from './answers.js';

export type LockBehavior = 'sequential' | 'runLatest';

export interface WebhookResource {
  alias: string;
  connection: string;
  /** By JSON path. */
  filters: Map<string, string>;
}

/** What the server reads of a pipeline's YAML to start runs of it. */
export interface YamlPipeline {
  id: number;
  projectId: string;
  name: string;
  yaml: string;
  webhooks: WebhookResource[];
  /** A stage that has an ID and a behaviour has a lock of its own (yaml-schema, stages.stage). */
  lock: LockBehavior | undefined;
  /** Cron lines that run although nobody has pushed anything. */
  schedules: string[];
}

/** @throws Error in which the editor's own complaint is */
export function readPipeline(yaml: string): Pick<YamlPipeline, 'webhooks' | 'lock' | 'schedules'> {
  const document = parse(yaml) as unknown;
  if (!isObject(document)) throw new Error('The pipeline is not valid: it is no mapping.');
  const resources = isObject(document['resources']) ? document['resources'] : {};
  return {
    webhooks: listOf(resources['webhooks']).map(readWebhook),
    lock: lockOf(document),
    schedules: listOf(document['schedules'])
      .filter((schedule) => schedule['always'] === true)
      .map((schedule) => String(schedule['cron'])),
  };
}

/** The schema of a webhook resource has these four keys, and neither `trigger` nor `batch`. */
function readWebhook(resource: Record<string, unknown>): WebhookResource {
  const unexpected = Object.keys(resource).find(
    (key) => !['webhook', 'connection', 'type', 'filters'].includes(key),
  );
  if (unexpected !== undefined) throw new Error(`Unexpected value '${unexpected}'`);
  const filters = new Map<string, string>();
  for (const { path, value } of listOf(resource['filters'])) {
    if (filters.has(String(path))) throw new Error(`The filters have the path '${String(path)}' twice.`);
    filters.set(String(path), String(value));
  }
  const alias = String(resource['webhook']);
  if (!/^[-_A-Za-z0-9]+$/.test(alias)) throw new Error(`'${alias}' is no name for a webhook.`);
  return { alias, connection: String(resource['connection']), filters };
}

function lockOf(document: Record<string, unknown>): LockBehavior | undefined {
  const stage = listOf(document['stages']).find((candidate) => 'lockBehavior' in candidate);
  return stage === undefined || stage['stage'] === undefined
    ? undefined
    : (stage['lockBehavior'] as LockBehavior);
}

/** All must match, whatever the case (CustomArtifactFilter of Azure DevOps Server 2022). */
export function isWanted({ filters }: WebhookResource, payload: unknown): boolean {
  return [...filters].every(([path, value]) => {
    return scalar(valueAt(payload, path))?.toLowerCase() === value.toLowerCase();
  });
}

function valueAt(payload: unknown, path: string): unknown {
  return path
    .replace(/^\$\./, '')
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), payload);
}

/**
 * The pipeline with the parameters of a webhook put in, as they come, before any step is thought of.
 * @throws Error where an object would stand in a text: then no run is queued
 */
export function compile(yaml: string, parameters: Record<string, unknown>): unknown {
  return filledIn(parse(yaml), parameters);
}

function filledIn(node: unknown, parameters: Record<string, unknown>): unknown {
  if (typeof node === 'string')
    return node.replaceAll(/\$\{\{(.*?)\}\}/g, (_whole, expression: string) =>
      textOf(expression, parameters),
    );
  if (Array.isArray(node)) return node.map((item) => filledIn(item, parameters));
  if (!isObject(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, filledIn(value, parameters)]));
}

function textOf(expression: string, parameters: Record<string, unknown>): string {
  const path = /^\s*parameters\.([\w.-]+)\s*$/.exec(expression)?.[1];
  if (path === undefined) throw new Error(`The emulator knows no expression but parameters: ${expression}`);
  const value = valueAt(parameters, path);
  if (value === undefined || value === null) return '';
  const text = scalar(value);
  if (text === undefined) throw new Error(`Unable to convert from Object to String: ${path}`);
  return text;
}

function scalar(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
