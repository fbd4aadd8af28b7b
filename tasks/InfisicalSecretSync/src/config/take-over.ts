import { ConfigError } from '../domain/errors.js';
import { quoted, quotedList } from '../domain/text.js';
import type { WizardSync } from '../domain/wizard-sync.js';
import type { Inputs } from './form.js';
import type { InputName, RawInputs } from './inputs.js';

/** What a sync of Infisical's wizard says, so that no input may; with what a form sends for one that was left alone. */
const replaced: Partial<Record<InputName, string>> = {
  environment: '',
  secretPath: '/',
  recursive: 'false',
  keySchema: '',
  disableSecretDeletion: 'false',
  syncName: '',
  syncDescription: '',
};
const names = Object.keys(replaced) as InputName[];

/** What is wrong with inputs beside `infisicalSync`: one problem, which names them all. */
export function touchedProblems(raw: RawInputs): string[] {
  const touched = names.filter((name) => raw[name] !== '' && raw[name].toLowerCase() !== replaced[name]);
  if (touched.length === 0) return [];
  return [
    `infisicalSync: takes these inputs from the sync in Infisical, but the step sets them too: ${quotedList(touched)}. Leave them empty, or leave infisicalSync empty.`,
  ];
}

/** As they are before the sync was read: an environment that nobody asks for. */
export function untouched(raw: RawInputs): RawInputs {
  const empty = Object.fromEntries(names.map((name) => [name, '']));
  return { ...raw, ...empty, environment: 'not-read-yet' };
}

/** Nothing can be said yet of what the sync says. */
export function withoutUnread(inputs: Partial<Inputs>): Partial<Inputs> {
  return { ...inputs, ...Object.fromEntries(names.map((name) => [name, undefined])) };
}

/** The inputs as a person would have filled them in. Never the initial sync behavior: there it can only be "overwrite". */
export function filledIn(raw: RawInputs, sync: WizardSync): RawInputs {
  return {
    ...raw,
    infisicalSync: '',
    environment: sync.environment.slug,
    secretPath: sync.secretPath,
    recursive: String(sync.recursive),
    keySchema: sync.keySchema,
    disableSecretDeletion: String(sync.disableSecretDeletion),
    syncName: sync.name,
    syncDescription: sync.description,
  };
}

/** Problems of what was filled in are fixed in Infisical. */
export function fixedThere(problems: readonly string[], { name }: WizardSync): ConfigError {
  const ofSync = new RegExp(`^(?:${[...names, 'action'].join('|')}): `);
  return new ConfigError(
    problems.map((problem) =>
      ofSync.test(problem)
        ? `${problem} This comes from the sync ${quoted(name)} in Infisical, which infisicalSync names. Change it there, or leave infisicalSync empty.`
        : problem,
    ),
  );
}
