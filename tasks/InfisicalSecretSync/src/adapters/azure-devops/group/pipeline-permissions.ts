import * as z from 'zod/mini';
import { quoted } from '../../../domain/text.js';
import { awaitAnswer } from '../../http/await-answer.js';
import { readAttempts } from '../../http/client.js';
import type { HttpResponse } from '../../http/exchange.js';
import { jsonOf } from '../../http/json.js';
import { listOf } from '../../http/row-schemas.js';
import type { AzureDevOpsApi } from '../api.js';
import { ApiVersion } from '../api-version.js';

const Permissions = z.object({
  allPipelines: z.optional(z.nullable(z.object({ authorized: z.boolean() }))),
  pipelines: z.optional(z.nullable(listOf(z.object({ id: z.number(), authorized: z.boolean() })))),
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
    `The group itself was written, but Azure DevOps did not confirm that ${who} may use ${groupTitle}: ${why}. Allow it under Pipelines › Library › the group › Pipeline permissions, or make ${api.identity.title} Administrator of the group.`,
  ];
  // Server 2020 and 2022 know none newer than the second.
  const version = new ApiVersion('7.1-preview.1', '6.0-preview.1');
  const ask = (rest: { method: 'GET' } | { method: 'PATCH'; body: string }): Promise<Answered> =>
    awaitAnswer(() => api.call({ ...rest, project, path, version }, readAttempts), {
      stopped: `The step was asked to stop while it set the pipeline permissions of ${groupTitle}. It is not known whether they are set.`,
      otherwise: (why) => ({ why }),
    });
  if (isAuthorized(await ask({ method: 'GET' }), pipelineId)) return [];
  // Allowing what is allowed already changes nothing, so this write may be tried again.
  const written = await ask({ method: 'PATCH', body });
  if (isAuthorized(written, pipelineId)) return [];
  // An answer that was lost, or that can't be read, may hide that it took effect.
  if (isAuthorized(await ask({ method: 'GET' }), pipelineId)) return [];
  return refused('why' in written ? written.why : `it answered with status ${String(written.status)}`);
}

type Answered = HttpResponse | { why: string };

function isAuthorized(response: Answered, pipelineId: number | undefined): boolean {
  if ('why' in response) return false;
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
    `authorizePipelines is ${quoted('thisPipeline')}, but ${why}. No pipeline was allowed to use ${groupTitle}. Set authorizePipelines to allPipelines or none.`,
  ];
}
