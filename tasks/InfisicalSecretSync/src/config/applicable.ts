import * as fields from './fields.js';
import type { InputName, RawInputs } from './inputs.js';

/** What decides which other inputs count; undefined where it is mistyped. */
interface Chosen {
  destination: string | undefined;
  action: string | undefined;
  azureDevOpsConnectionType: string | undefined;
}

const always = () => true;
const toGroup = ({ destination }: Chosen) => destination === 'variableGroup';
const toRun = ({ destination }: Chosen) => destination === 'pipelineVariables';
const toPipeline = ({ destination }: Chosen) => destination === 'pipelineDefinition';
const saved = (chosen: Chosen) => !toRun(chosen);
const by =
  (type: string) =>
  (chosen: Chosen): boolean =>
    saved(chosen) && chosen.azureDevOpsConnectionType === type;
const looking = ({ action }: Chosen) => action === 'plan' || action === 'check';
const writing = ({ action }: Chosen) => action !== 'remove';

/** When an input counts; one that is not named here always does. */
const counts: Partial<Record<InputName, (chosen: Chosen) => boolean>> = {
  azureDevOpsConnectionType: saved,
  azureDevOpsConnection: by('entra'),
  azureDevOpsTokenConnection: by('personalAccessToken'),
  azureDevOpsProject: saved,
  variableGroup: toGroup,
  authorizePipelines: (chosen) => toGroup(chosen) && chosen.action === 'sync',
  pipelineId: toPipeline,
  setAsOutput: toRun,
  initialSyncBehavior: saved,
  autoSync: (chosen) => saved(chosen) && !looking(chosen),
  disableSecretDeletion: saved,
  detectChanges: (chosen) => toGroup(chosen) && writing(chosen),
  plainTag: writing,
  syncDescription: (chosen) => toGroup(chosen) && writing(chosen),
  approvedPlan: ({ action }) => action === 'sync',
  maxDeletions: (chosen) => saved(chosen) && writing(chosen),
  allowEmptySource: writing,
};

/**
 * The inputs that count for the chosen destination and action; the others are as if they were empty, whatever is in
 * them: forms send fields that they hide.
 */
export function applicableInputs(raw: RawInputs): RawInputs {
  const chosen: Chosen = {
    destination: fields.destination.safeParse(raw.destination).data,
    action: fields.action.safeParse(raw.action).data,
    azureDevOpsConnectionType: fields.azureDevOpsConnectionType.safeParse(raw.azureDevOpsConnectionType).data,
  };
  return Object.fromEntries(
    Object.entries(raw).map(([name, text]) => [
      name,
      (counts[name as InputName] ?? always)(chosen) ? text : '',
    ]),
  ) as RawInputs;
}
