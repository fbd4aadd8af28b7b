import { missing, type AgentCommand } from './command-parser.js';
import { emptyId, parseGuid } from './endpoints.js';
import { addSecret } from './set-variable.js';
import type { StepContext } from './step-context.js';

/** Changes a service connection for the steps that follow; never the job's own. */
export function setEndpoint(context: StepContext, { properties, data }: AgentCommand): void {
  if (data === '') throw missing('Enter a valid value for setendpoint.');
  const field = required(properties, 'field').toLowerCase();
  // Masked before anything can fail.
  if (field === 'authparameter') addSecret(context.job, data);
  const id = parseGuid(required(properties, 'id'));
  if (id === undefined) throw missing('Invalid endpoint id.');
  const endpoint = context.job.endpoints.find((candidate) => candidate.id.toLowerCase() === id);
  if (endpoint === undefined)
    throw missing(
      `Service connection with id '${id}' is not declared in the pipeline job and therefore can't be referenced in task.setendpoint commands.`,
    );
  if (id === emptyId) {
    context.record.warning(
      `Modification of system endpoint '${endpoint.name}' is not allowed via setendpoint command.`,
    );
    return;
  }
  if (field === 'url') {
    if (!URL.canParse(data)) throw missing('Invalid endpoint Url.');
    endpoint.url = data;
    return;
  }
  const key = required(properties, 'key');
  if (field === 'dataparameter') endpoint.data = { ...endpoint.data, [key]: data };
  else if (field === 'authparameter') endpoint.parameters = { ...endpoint.parameters, [key]: data };
  else throw new Error('Invalid endpoint field. Valid values are url, dataParameter and authParameter');
}

function required(properties: Record<string, string>, name: string): string {
  const value = properties[name] ?? '';
  if (value === '') throw missing(`Required field '${name}' is missing in ##vso[task.setendpoint] command.`);
  return value;
}
