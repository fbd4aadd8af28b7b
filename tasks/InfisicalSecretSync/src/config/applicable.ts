import type { InputName, RawInputs } from './inputs.js';

const always = () => true;
const toGroup = ({ destination }: RawInputs) => destination === 'variableGroup';
const toRun = ({ destination }: RawInputs) => destination === 'pipelineVariables';
const toPipeline = ({ destination }: RawInputs) => destination === 'pipelineDefinition';
const saved = (raw: RawInputs) => !toRun(raw);
const by =
  (type: string) =>
  (raw: RawInputs): boolean =>
    saved(raw) && raw.azureDevOpsConnectionType === type;
const writing = ({ action }: RawInputs) => action !== 'remove';

/** When an input counts; one that is not named here always does. */
const counts: Partial<Record<InputName, (raw: RawInputs) => boolean>> = {
  azureDevOpsConnectionType: saved,
  azureDevOpsConnection: by('entra'),
  azureDevOpsTokenConnection: by('personalAccessToken'),
  azureDevOpsProject: saved,
  variableGroup: toGroup,
  authorizePipelines: (raw) => toGroup(raw) && raw.action === 'sync',
  pipelineId: toPipeline,
  setAsOutput: toRun,
  initialSyncBehavior: (raw) => toGroup(raw) && writing(raw),
  autoSync: (raw) => saved(raw) && raw.action !== 'plan',
  disableSecretDeletion: saved,
  plainTag: writing,
  syncDescription: (raw) => toGroup(raw) && writing(raw),
  maxDeletions: (raw) => saved(raw) && writing(raw),
  allowEmptySource: writing,
};

/**
 * The inputs that count for the chosen destination and action; the others are as if they were empty, whatever is in
 * them: forms send fields that they hide.
 */
export function applicableInputs(raw: RawInputs): RawInputs {
  const chosen = { ...raw, destination: raw.destination || 'variableGroup', action: raw.action || 'sync' };
  return Object.fromEntries(
    Object.entries(raw).map(([name, text]) => [
      name,
      (counts[name as InputName] ?? always)(chosen) ? text : '',
    ]),
  ) as RawInputs;
}
