import type { DestinationError } from '../../../domain/errors.js';
import { quoted } from '../../../domain/text.js';
import { onceOnly, readAttempts } from '../../http/client.js';
import type { HttpResponse } from '../../http/exchange.js';
import { jsonOf } from '../../http/json.js';
import type { AzureDevOpsApi } from '../api.js';
import { ApiVersion } from '../api-version.js';
import { also, callRefusal, isNotSignedIn, unknownForm, type RefusedCall } from '../refusals.js';
import { BuildDefinition } from '../schema.js';

export interface DefinitionApiParts {
  api: AzureDevOpsApi;
  /** Name or ID, as it stands in the URL. */
  project: string;
  pipelineId: number;
  /** As messages call the project; the sentence quotes it. */
  projectTitle: string;
}

type Action = 'read' | 'update';

/** The calls that one build pipeline needs, YAML or classic: the API calls it a definition. */
export class DefinitionApi {
  readonly #parts: DefinitionApiParts;
  /** What Services and Server 2022 understand, and then what Server 2019 does. */
  readonly #version = new ApiVersion('7.1', '5.0');

  constructor(parts: DefinitionApiParts) {
    this.#parts = parts;
  }

  /** @throws DestinationError */
  async read(): Promise<BuildDefinition> {
    return this.parse(await this.#send('GET', undefined), 'read');
  }

  update(body: string): Promise<HttpResponse> {
    return this.#send('PUT', body);
  }

  /** The definition that was answered. @throws DestinationError for anything else */
  parse(response: HttpResponse, action: Action): BuildDefinition {
    if (response.status !== 200 || isNotSignedIn(response)) throw this.refusal(response, action);
    const parsed = BuildDefinition.safeParse(jsonOf(response)?.value);
    if (parsed.success) return parsed.data;
    const { thing } = this.#call(action);
    throw unknownForm(thing, action === 'read' ? 'it' : undefined);
  }

  refusal(response: HttpResponse, action: Action): DestinationError {
    const call = this.#call(action);
    return callRefusal(response, call, (typeKey) => {
      if (response.status === 403 || typeKey === 'AccessDeniedException')
        return missingPermission(call, action);
      if (response.status === 404) {
        return `Azure DevOps has no build ${call.thing} in project ${quoted(call.project)}, or ${call.identity.title} may not see it. Check pipelineId and azureDevOpsProject; classic release pipelines can’t be written.`;
      }
      return action === 'read'
        ? `Azure DevOps refused to ${call.deed}.`
        : `Azure DevOps refused the new variables of ${call.thing}. Look for very long values and for unusual names; the plan above lists them.`;
    });
  }

  #send(method: 'GET' | 'PUT', body: string | undefined): Promise<HttpResponse> {
    const { api, project, pipelineId } = this.#parts;
    const path = `build/definitions/${String(pipelineId)}`;
    const attempts = method === 'GET' ? readAttempts : onceOnly;
    return api.call(
      { method, project, path, version: this.#version, ...(body === undefined ? {} : { body }) },
      attempts,
    );
  }

  #call(action: Action): RefusedCall {
    const { api, pipelineId, projectTitle: project } = this.#parts;
    const thing = `pipeline ${String(pipelineId)}`;
    return {
      deed: `${action === 'read' ? 'read' : 'change'} ${thing}`,
      thing,
      project,
      identity: api.identity,
    };
  }
}

function missingPermission({ deed, project, identity }: RefusedCall, action: Action): string {
  const [permission, more] =
    action === 'read'
      ? ['View build pipeline', '']
      : [
          'Edit build pipeline',
          '; if it has that, also the User role on every service connection that the pipeline names',
        ];
  return also(
    `${identity.title} may not ${deed} in project ${quoted(project)}. Give it the permission "${permission}" under Pipelines › the pipeline › ⋮ › Manage security${more}.`,
    identity,
  );
}
