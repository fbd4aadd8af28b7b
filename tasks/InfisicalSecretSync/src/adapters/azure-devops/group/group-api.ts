import { DestinationError } from '../../../domain/errors.js';
import { quoted } from '../../../domain/text.js';
import { onceOnly, readAttempts } from '../../http/client.js';
import type { HttpResponse } from '../../http/exchange.js';
import { jsonOf } from '../../http/json.js';
import type { AzureDevOpsApi, Call } from '../api.js';
import { ApiVersion } from '../api-version.js';
import { answeredAtMs } from '../modified-on.js';
import { isNotSignedIn, unknownForm } from '../refusals.js';
import { groupRefusal, type RefusedGroupCall } from './group-refusals.js';
import { VariableGroup, VariableGroupNames, WrittenGroup } from '../schema.js';

const route = 'distributedtask/variablegroups';
const mostPages = 1_000;
const mostGroups = 100_000;

/** The calls that variable groups need, on the project's URL: the organization's needs more rights. */
export class GroupApi {
  readonly #api: AzureDevOpsApi;
  readonly #project: string;
  readonly #about: Omit<RefusedGroupCall, 'action' | 'identity'>;
  /** What Services and Server 2022 understand, and then what Server 2019 and 2020 do. */
  readonly #version = new ApiVersion('7.1-preview.2', '5.0-preview.1');
  #answeredAtMs: number | undefined;

  constructor(api: AzureDevOpsApi, project: string, about: Omit<RefusedGroupCall, 'action' | 'identity'>) {
    this.#api = api;
    this.#project = project;
    this.#about = about;
  }

  /** When the service gave its last answer, by its own clock. */
  get answeredAtMs(): number | undefined {
    return this.#answeredAtMs;
  }

  /** All groups of that name as the service's own filter sees it, or all groups of the project. */
  async list(groupName: string | undefined): Promise<{ id: number; name: string }[]> {
    const found: { id: number; name: string }[] = [];
    let token: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const query: Record<string, string> = {
        ...(groupName === undefined ? {} : { groupName }),
        ...(token === undefined ? {} : { continuationToken: token }),
      };
      const response = await this.#send({ method: 'GET', path: route, query });
      for (const group of this.#parse(response, VariableGroupNames, 'read').value) found.push(group);
      if (found.length > mostGroups) throw this.#endless();
      const next = response.headers['x-ms-continuationtoken'];
      token = Array.isArray(next) ? next[0] : next;
      if (token === undefined || token === '') return found;
    }
    throw this.#endless();
  }

  /** `undefined` where the service says `null`: no such group, or one of another project. */
  async read(id: number): Promise<VariableGroup | undefined> {
    const response = await this.#send({ method: 'GET', path: `${route}/${String(id)}` });
    if (response.status === 404 || (response.status === 200 && jsonOf(response)?.value === null))
      return undefined;
    return this.#parse(response, VariableGroup, 'read');
  }

  create(body: string): Promise<HttpResponse> {
    return this.#send({ method: 'POST', path: route, body });
  }

  update(id: number, body: string): Promise<HttpResponse> {
    return this.#send({ method: 'PUT', path: `${route}/${String(id)}`, body });
  }

  /** The project's URL refuses DELETE since 7.1 (405); the organization's wants the project's ID. */
  delete(id: number, projectId: string): Promise<HttpResponse> {
    const path = `${route}/${String(id)}`;
    if (this.#version.isOld) return this.#send({ method: 'DELETE', path });
    const query = { projectIds: projectId };
    return this.#api.call({ method: 'DELETE', path, query, version: new ApiVersion('7.1') }, onceOnly);
  }

  /** The group that a write answered. @throws DestinationError for anything else */
  written(response: HttpResponse, action: 'create' | 'update'): WrittenGroup {
    return this.#parse(response, WrittenGroup, action);
  }

  refusal(response: HttpResponse, action: RefusedGroupCall['action']): DestinationError {
    return groupRefusal(response, { ...this.#about, action, identity: this.#api.identity });
  }

  #endless(): DestinationError {
    return new DestinationError(
      `The list of variable groups in project ${quoted(this.#about.project)} does not end: Azure DevOps gave more than ${String(mostGroups)} groups or ${String(mostPages)} pages. Check the URL of the organization or collection, and write variableGroup exactly as the group is named.`,
    );
  }

  async #send(call: Omit<Call, 'project' | 'version'>): Promise<HttpResponse> {
    const attempts = call.method === 'GET' ? readAttempts : onceOnly;
    const inProject = { ...call, project: this.#project, version: this.#version };
    const response = await this.#api.call(inProject, attempts);
    this.#answeredAtMs = answeredAtMs(response.headers.date);
    return response;
  }

  #parse<T extends typeof VariableGroup | typeof VariableGroupNames | typeof WrittenGroup>(
    response: HttpResponse,
    schema: T,
    action: RefusedGroupCall['action'],
  ): NonNullable<ReturnType<T['parse']>> {
    if (response.status !== 200 || isNotSignedIn(response)) throw this.refusal(response, action);
    const parsed = schema.safeParse(jsonOf(response)?.value);
    if (parsed.success) return parsed.data as NonNullable<ReturnType<T['parse']>>;
    const places = [...new Set(parsed.error.issues.map(({ path }) => quoted(path.slice(0, 2).join('.'))))];
    throw unknownForm(
      `the variable group ${quoted(this.#about.group)}`,
      action,
      ` (at ${places.slice(0, 5).join(', ')})`,
    );
  }
}
