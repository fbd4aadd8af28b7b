import type { Config } from '../config/config.js';
import { mayWrite } from '../domain/auto-sync.js';
import { UnsafePlanError } from '../domain/errors.js';
import { quoted } from '../domain/text.js';
import { takenOver, wouldWrite } from '../domain/wizard-sync.js';
import type { SecretSource, TaskHost, TeamProjects, WizardSyncs } from '../ports.js';

interface TakeOverParts {
  syncs: WizardSyncs;
  /** Signs out when nothing comes of it. */
  source: Pick<SecretSource, 'signOut'>;
  host: TaskHost;
  reason: string | undefined;
}

/** Completes what the person asked for by what a sync in Infisical says, where they named one. @throws SyncError */
export async function completed(config: Config, parts: TakeOverParts): Promise<Config> {
  const { syncs, source, host, reason } = parts;
  const { takeOver, source: given } = config;
  if (takeOver === undefined || !mayWrite(config.settings, reason)) return config;
  host.log(`Reading sync ${quoted(takeOver.name)} of Infisical project ${quoted(given.project.text)}.`);
  try {
    const sync = await syncs.read(given.project, takeOver.name);
    host.log(`${takenOver(sync)}.`);
    return takeOver.complete(sync);
  } catch (cause) {
    await source.signOut();
    throw cause;
  }
}

/** What the summary shows of the inputs, and of the sync that some of them come from. */
export function noticesOn({ notices, wizardSync }: Config): string[] {
  return [...notices, ...(wizardSync === undefined ? [] : [`${takenOver(wizardSync)}.`])];
}

/**
 * Two writers of one group overwrite each other for ever, and Infisical's own replaces it whole.
 * @throws UnsafePlanError where the sync runs by itself and would write the group that this run writes
 */
export async function refuseSecondWriter(
  { wizardSync, destination }: Config,
  projects: TeamProjects | undefined,
): Promise<void> {
  if (wizardSync === undefined || destination.kind !== 'variableGroup' || projects === undefined) return;
  if (!wouldWrite(wizardSync, destination.variableGroup)) return;
  const { id, name } = await projects.project();
  if (id.toLowerCase() !== wizardSync.teamProject.id.toLowerCase()) return;
  throw new UnsafePlanError(
    `Infisical runs sync ${quoted(wizardSync.name)} automatically, and that sync also writes variable group ${quoted(destination.variableGroup)} in project ${quoted(name)}. The two would overwrite each other. Turn off Auto-Sync for it in Infisical, or set another variableGroup.`,
  );
}
