import { missing, type AgentCommand } from './command-parser.js';
import { emptyId, parseGuid } from './endpoints.js';
import { parseResult } from './result.js';
import type { StepContext } from './step-context.js';
import type { TimelineDetail } from './step-record.js';

const states = ['Pending', 'InProgress', 'Completed'];

/** `task.logdetail`: records below a step's own; their text is not masked. */
export function logDetail({ record }: StepContext, { properties, data }: AgentCommand): void {
  const detail = parseDetail(properties, data);
  const before = record.details.get(detail.id);
  if (before === undefined) refuseIncomplete(detail, record.details);
  else if (detail.parentId !== undefined && detail.parentId !== before.parentId)
    throw new Error("Can't change parent timeline record of an existing timeline record.");
  const isCompleted = before !== undefined && detail.state === 'Completed';
  record.details.set(detail.id, {
    ...(before ?? { state: 'InProgress' }),
    ...(isCompleted ? { percent: 100 } : {}),
    ...detail,
  });
}

/** A key of what was not said is left out, so that it does not replace what was said before. */
function parseDetail(properties: Record<string, string>, data: string): TimelineDetail {
  const id = idIn(properties['id'] ?? '');
  if (id === undefined || id === emptyId)
    throw missing("Can't update timeline record, timeline record id is not provided.");
  const { parentid, name, type, order, progress, state, result } = properties;
  const percent = wholeNumber(progress);
  const position = wholeNumber(order);
  return {
    id,
    ...(parentid === undefined ? {} : { parentId: idIn(parentid) ?? emptyId }),
    ...(name === undefined ? {} : { name }),
    ...(type === undefined ? {} : { type }),
    ...(position === undefined ? {} : { order: position }),
    ...(percent === undefined ? {} : { percent: Math.min(Math.max(percent, 0), 100) }),
    ...(data === '' ? {} : { operation: data }),
    ...(state === undefined ? {} : { state: states.includes(state) ? state : 'Pending' }),
    ...(result === undefined ? {} : { result: parseResult(result) ?? 'Succeeded' }),
  };
}

function refuseIncomplete(
  { name = '', type = '', parentId = emptyId }: TimelineDetail,
  known: ReadonlyMap<string, TimelineDetail>,
): void {
  if (name === '') throw missing('Name is required for this new timeline record.');
  if (type === '') throw missing('Type is required for this new timeline record.');
  if (parentId !== emptyId && !known.has(parentId))
    throw missing('Parent timeline record has not been created for this new timeline record.');
}

function idIn(text: string): string | undefined {
  if (text === '') return undefined;
  const id = parseGuid(text);
  if (id === undefined) throw new Error('Unrecognized Guid format.');
  return id;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : undefined;
}
