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
    throw unknownForm(this.#thing, action);
  }

  refusal(response: HttpResponse, action: Action): DestinationError {
    const call = this.#call(action);
    return callRefusal(response, call, (typeKey) => {
      if (response.status === 403 || typeKey === 'AccessDeniedException')
        return missingPermission(call, action);
      if (response.status === 404) {
        return `Azure DevOps has no build ${this.#thing} in project ${quoted(call.project)}, or ${call.identity.title} may not see it. A classic release pipeline can’t be written. Check pipelineId and azureDevOpsProject.`;
      }
      return action === 'read'
        ? `Azure DevOps refused to ${call.deed}. Check pipelineId and azureDevOpsProject.`
        : `Azure DevOps refused the new variables of ${this.#thing}. Look for unusual names in the plan above, and for very long values in Infisical. Rename or shorten them, or leave them out with tags.`;
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
    const { api, projectTitle: project } = this.#parts;
    return {
      deed: `${action === 'read' ? 'read' : 'change'} ${this.#thing}`,
      project,
      identity: api.identity,
    };
  }

  get #thing(): string {
    return `pipeline ${String(this.#parts.pipelineId)}`;
  }
}

function missingPermission({ deed, project, identity }: RefusedCall, action: Action): string {
  const who = `${identity.title} may not ${deed} in project ${quoted(project)}.`;
  const where = 'under Pipelines › the pipeline › ⋮ › Manage security.';
  return also(
    action === 'read'
      ? `${who} Give it the permission "View build pipeline" ${where}`
      : `${who} Give it the permission "Edit build pipeline" ${where} If it already has that permission, give it the User role on every service connection that the pipeline names.`,
    identity,
  );
}
