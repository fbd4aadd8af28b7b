import { quoted, sameName } from './text.js';

/** A sync that somebody made in Infisical's wizard, with Azure DevOps as destination. */
export interface WizardSync {
  name: string;
  description: string;
  /** Whether Infisical runs it by itself, on every change. */
  runsByItself: boolean;
  environment: { slug: string; name: string };
  secretPath: string;
  recursive: boolean;
  keySchema: string;
  disableSecretDeletion: boolean;
  /** Where it writes: a group that is called like the environment. The name is from when it was made. */
  teamProject: { id: string; name: string };
}

/** What a run takes from it, in the words of the wizard. */
export function takenOver(sync: WizardSync): string {
  const { environment, secretPath, keySchema, recursive, disableSecretDeletion, description } = sync;
  const isOn = (flag: boolean): string => (flag ? 'on' : 'off');
  return [
    `Taken from sync ${quoted(sync.name)} in Infisical: environment ${quoted(environment.slug)}`,
    `path ${quoted(secretPath)}`,
    `subfolders ${isOn(recursive)}`,
    keySchema === '' ? 'no key schema' : `key schema ${quoted(keySchema)}`,
    `Disable Secret Deletion ${isOn(disableSecretDeletion)}`,
    ...(description === '' ? [] : [`description ${quoted(description)}`]),
  ].join(', ');
}

/** Infisical calls the group like the environment, as it is shown, and Azure DevOps ignores case. */
export function wouldWrite(sync: WizardSync, group: string): boolean {
  return sync.runsByItself && sameName(sync.environment.name) === sameName(group);
}
