import type { TaskDefinition, TaskInput } from '../../emulators/agent/task-definition.js';

/**
 * What an editor knows of a pipeline: the keys that our documents use, and of our task what Azure DevOps makes of its
 * task.json. Small on purpose: a key that is not here is a new one to us and belongs here, or is a typing error.
 */

export interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  required?: string[];
  firstProperty?: string[];
  enum?: string[];
  pattern?: string;
  anyOf?: Schema[];
  aliases?: string[];
  ignoreCase?: 'key' | 'value';
}

const text: Schema = { type: 'string' };
const yesNo: Schema = { type: 'boolean' };
const oneOf = (...values: string[]): Schema => ({ type: 'string', enum: values });
const list = (items: Schema): Schema => ({ type: 'array', items });
const mapOf = (value: Schema): Schema => ({ type: 'object', additionalProperties: value });
const either = (...anyOf: Schema[]): Schema => ({ anyOf });
/** An object that knows no other keys, begins with one of `first` and has it. */
const keys = (properties: Record<string, Schema>, first?: string): Schema => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...(first === undefined ? {} : { firstProperty: [first], required: [first] }),
});
/** What is known only at run time. */
const macro: Schema = { type: 'string', pattern: '^\\$[({\\[]' };

const branches = keys({ include: list(text), exclude: list(text) });
const trigger = either(oneOf('none'), list(text), keys({ batch: yesNo, branches, paths: branches }));
const schedule = keys({ cron: text, displayName: text, branches, always: yesNo, batch: yesNo }, 'cron');
const webhook = keys(
  { webhook: text, connection: text, filters: list(keys({ path: text, value: text }, 'path')) },
  'webhook',
);
const pool = either(text, keys({ vmImage: text, name: text, demands: list(text) }));
const variables = either(
  mapOf(text),
  list(either(keys({ group: text }, 'group'), keys({ name: text, value: text, readonly: yesNo }, 'name'))),
);

const ofEveryStep = {
  name: text,
  displayName: text,
  condition: text,
  continueOnError: yesNo,
  enabled: yesNo,
  env: mapOf(text),
  timeoutInMinutes: text,
  retryCountOnTaskFailure: text,
};

/** The YAML schema of a task, by the rules by which Azure DevOps makes it from task.json. */
export function taskSchema({ name, version, inputs }: TaskDefinition): Schema {
  const required = inputs.filter(isRequiredInYaml).map((input) => input.name);
  return {
    ...keys({
      task: { ...text, pattern: `^${name}@${String(version.Major)}$`, ignoreCase: 'value' },
      inputs: {
        ...keys(Object.fromEntries(inputs.map((input) => [input.name, inputSchema(input)]))),
        required,
      },
      ...ofEveryStep,
    }),
    firstProperty: ['task'],
    required: required.length === 0 ? ['task'] : ['task', 'inputs'],
  };
}

function inputSchema({ type, options, properties, aliases }: TaskInput): Schema {
  const named: Schema = { ignoreCase: 'key', ...(aliases === undefined ? {} : { aliases }) };
  if (type === 'boolean') return { ...named, ...either(yesNo, macro) };
  if (type === 'int') return { ...named, ...either({ type: 'integer' }, macro) };
  // An editor underlines free text in an editable list, too; the documents stay with what is listed.
  if (options !== undefined && properties?.['MultiSelect'] === undefined)
    return {
      ...named,
      ...either({ ...text, enum: Object.keys(options), ignoreCase: 'value' }, macro),
    };
  return { ...named, ...text };
}

/** Whatever may be hidden, or has a default, may be left out. */
function isRequiredInYaml({ required, visibleRule, defaultValue }: TaskInput): boolean {
  return required === true && visibleRule === undefined && (defaultValue ?? '') === '';
}

/** The schema of a whole pipeline that runs these tasks. */
export function pipelineSchema(tasks: readonly TaskDefinition[]): Schema {
  const scripts = ['script', 'bash', 'pwsh'].map((kind) => keys({ [kind]: text, ...ofEveryStep }, kind));
  const checkout = keys({ checkout: text, fetchDepth: text, persistCredentials: yesNo }, 'checkout');
  const steps = list(either(...tasks.map(taskSchema), ...scripts, checkout));
  const ofEveryJob = {
    displayName: text,
    dependsOn: either(text, list(text)),
    condition: text,
    pool,
    variables,
  };
  const matrix = keys({ matrix: mapOf(mapOf(text)), maxParallel: text });
  const runOnce = keys({ runOnce: keys({ deploy: keys({ steps }) }) });
  const job = keys({ job: text, ...ofEveryJob, strategy: matrix, steps }, 'job');
  const deployment = keys(
    { deployment: text, ...ofEveryJob, environment: text, strategy: runOnce },
    'deployment',
  );
  const jobs = list(either(job, deployment));
  const lockBehavior = oneOf('sequential', 'runLatest');
  const stages = list(keys({ stage: text, ...ofEveryJob, lockBehavior, jobs }, 'stage'));
  const resources = keys({ webhooks: list(webhook) });
  const schedules = list(schedule);
  return keys({
    ...{ name: text, trigger, pr: trigger, schedules, resources, variables, pool },
    ...{ lockBehavior, stages, jobs, steps },
  });
}

/** Every key that the schema knows. */
export function keysOf(schema: Schema): string[] {
  const { properties = {}, items, anyOf = [], additionalProperties } = schema;
  const inner = [...Object.values(properties), ...anyOf, ...(items === undefined ? [] : [items])];
  const values = typeof additionalProperties === 'object' ? [additionalProperties] : [];
  return [...new Set([...Object.keys(properties), ...[...inner, ...values].flatMap(keysOf)])];
}
