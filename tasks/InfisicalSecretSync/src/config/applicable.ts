import { joined, quoted } from '../domain/text.js';
import * as fields from './fields.js';
import { isDefault } from './form.js';
import type { InputName, RawInputs } from './inputs.js';

/** What decides which other inputs count; undefined where it is mistyped. */
interface Chosen {
  destination: string | undefined;
  action: string | undefined;
  azureDevOpsConnectionType: string | undefined;
}

/** An input that has to be one of these values. */
interface Condition {
  input: keyof Chosen;
  values: readonly string[];
}

const toGroup: Condition = { input: 'destination', values: ['variableGroup'] };
const toRun: Condition = { input: 'destination', values: ['pipelineVariables'] };
const toPipeline: Condition = { input: 'destination', values: ['pipelineDefinition'] };
const saved: Condition = { input: 'destination', values: ['variableGroup', 'pipelineDefinition'] };
const byEntra: Condition = { input: 'azureDevOpsConnectionType', values: ['entra'] };
const byToken: Condition = { input: 'azureDevOpsConnectionType', values: ['personalAccessToken'] };
const syncing: Condition = { input: 'action', values: ['sync'] };
const changing: Condition = { input: 'action', values: ['sync', 'remove'] };
const writing: Condition = { input: 'action', values: ['sync', 'plan', 'check'] };

/** When an input counts; one that is not named here always does. */
const counts: Partial<Record<InputName, readonly Condition[]>> = {
  azureDevOpsConnectionType: [saved],
  azureDevOpsConnection: [saved, byEntra],
  azureDevOpsTokenConnection: [saved, byToken],
  azureDevOpsProject: [saved],
  variableGroup: [toGroup],
  authorizePipelines: [toGroup, syncing],
  pipelineId: [toPipeline],
  setAsOutput: [toRun],
  initialSyncBehavior: [saved],
  autoSync: [saved, changing],
  disableSecretDeletion: [saved],
  detectChanges: [toGroup, writing],
  plainTag: [writing],
  syncDescription: [toGroup, writing],
  approvedPlan: [syncing],
  maxDeletions: [saved, writing],
  allowEmptySource: [writing],
};

/**
 * The inputs that count for the chosen destination and action; the others are as if they were empty, whatever is in
 * them: forms send fields that they hide. Where the choice itself is mistyped, all that may count does, so that its
 * problems are told, too.
 */
export function applicableInputs(raw: RawInputs): RawInputs {
  const chosen = chosenIn(raw);
  return Object.fromEntries(
    Object.entries(raw).map(([name, text]) => [
      name,
      unmet(name as InputName, chosen) === undefined ? text : '',
    ]),
  ) as RawInputs;
}

/** One for each input that somebody filled in and that does not count. A form sends the defaults of hidden fields. */
export function ignoredNotices(raw: RawInputs): string[] {
  const chosen = chosenIn(raw);
  return Object.entries(raw).flatMap(([name, text]) => {
    const condition = unmet(name as InputName, chosen);
    if (condition === undefined || isDefault(name as InputName, text)) return [];
    const { input, values } = condition;
    return [
      `The input ${name} is ignored. It applies only when ${input} is ${joined(values.map(quoted), 'or')}; here it is ${quoted(chosen[input] ?? '')}.`,
    ];
  });
}

function chosenIn(raw: RawInputs): Chosen {
  return {
    destination: fields.destination.safeParse(raw.destination).data,
    action: fields.action.safeParse(raw.action).data,
    azureDevOpsConnectionType: fields.azureDevOpsConnectionType.safeParse(raw.azureDevOpsConnectionType).data,
  };
}

/** The first condition that keeps an input from counting. */
function unmet(name: InputName, chosen: Chosen): Condition | undefined {
  return counts[name]?.find(({ input, values }) => {
    const choice = chosen[input];
    return choice !== undefined && !values.includes(choice);
  });
}
