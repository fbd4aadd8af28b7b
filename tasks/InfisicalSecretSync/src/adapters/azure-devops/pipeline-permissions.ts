import * as z from 'zod/mini';
import { quoted } from '../../domain/text.js';
import { onceOnly, readAttempts } from '../http/client.js';
import { NetworkError, type HttpResponse } from '../http/exchange.js';
import { jsonOf } from '../http/json.js';
import { whyNoAnswer } from '../http/no-answer.js';
import type { AzureDevOpsApi } from './api.js';
import { isOutOfRange } from './refusals.js';

const currentVersion = '7.1-preview.1';
/** Server 2020 and 2022 know no newer one. */
const oldVersion = '6.0-preview.1';

const Permissions = z.object({
  allPipelines: z.optional(z.nullable(z.object({ authorized: z.boolean() }))),
  pipelines: z.optional(z.nullable(z.array(z.object({ id: z.number(), authorized: z.boolean() })))),
});

export interface Authorization {
  api: AzureDevOpsApi;
  project: string;
  groupTitle: string;
  /** `undefined` = all pipelines. */
  pipelineId: number | undefined;
}

/**
 * Lets one pipeline or all pipelines use a group, unless they may already. The group is written by then, so nothing
 * here fails the run.
 * @returns what could not be done, for a person to mend
 */
export async function authorizePipelines(groupId: number, authorization: Authorization): Promise<string[]> {
  const { api, project, groupTitle, pipelineId } = authorization;
  const path = `pipelines/pipelinepermissions/variablegroup/${String(groupId)}`;
  const body = JSON.stringify(
    pipelineId === undefined
      ? { allPipelines: { authorized: true } }
      : { pipelines: [{ id: pipelineId, authorized: true }] },
  );
  const who = pipelineId === undefined ? 'all pipelines' : `pipeline ${String(pipelineId)}`;
  const refused = (why: string): string[] => [
    `${who.charAt(0).toUpperCase()}${who.slice(1)} could not be allowed to use ${groupTitle} (${why}). The group itself is written. Allow it under Pipelines › Library › the group › Pipeline permissions, or make the job’s identity Administrator of the group.`,
  ];
  try {
    let version = currentVersion;
    let read = await api.call({ method: 'GET', project, path, version }, readAttempts);
    if (isOutOfRange(read)) {
      version = oldVersion;
      read = await api.call({ method: 'GET', project, path, version }, readAttempts);
    }
    if (isAuthorized(read, pipelineId)) return [];
    const written = await api.call({ method: 'PATCH', project, path, version, body }, onceOnly);
    return isAuthorized(written, pipelineId)
      ? []
      : refused(`Azure DevOps answered with status ${String(written.status)}`);
  } catch (cause) {
    if (cause instanceof NetworkError && cause.code !== 'ABORTED') return refused(whyNoAnswer(cause));
    throw cause;
  }
}

function isAuthorized(response: HttpResponse, pipelineId: number | undefined): boolean {
  const permissions = Permissions.safeParse(jsonOf(response)?.value);
  if (response.status !== 200 || !permissions.success) return false;
  const { allPipelines, pipelines } = permissions.data;
  if (allPipelines?.authorized === true) return true;
  return (
    pipelineId !== undefined &&
    (pipelines ?? []).some(({ id, authorized }) => id === pipelineId && authorized)
  );
}

/** `thisPipeline` in a place where it means nothing. */
export function cannotAuthorize(groupTitle: string, why: string): string[] {
  return [
    `authorizePipelines is ${quoted('thisPipeline')}, but ${why}, so nothing was allowed on ${groupTitle}. Choose allPipelines or none.`,
  ];
}
