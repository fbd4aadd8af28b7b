import { ConfigError } from '../domain/errors.js';
import { quotedList } from '../domain/text.js';
import type { WizardSync } from '../domain/wizard-sync.js';
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
  if (raw.infisicalSync === '' || touched.length === 0) return [];
  return [
    `infisicalSync: takes environment, path, key schema and the like from the sync in Infisical, and these inputs would say otherwise: ${quotedList(touched)}. Leave them empty, or leave infisicalSync empty.`,
  ];
}

/** As they are before the sync was read: an environment that nobody asks for. */
export function untouched(raw: RawInputs): RawInputs {
  const empty = Object.fromEntries(names.map((name) => [name, '']));
  return { ...raw, ...empty, environment: 'not-read-yet' };
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

/** Problems of what was filled in are mended in Infisical. @throws ConfigError */
export function mendedThere(problems: readonly string[], { name }: WizardSync): ConfigError {
  const ofSync = new RegExp(`^(?:${[...names, 'action'].join('|')}): `);
  return new ConfigError(
    problems.map((problem) =>
      ofSync.test(problem)
        ? `${problem} That stands in the sync "${name}" in Infisical, which infisicalSync takes it from: change it there, or leave infisicalSync empty.`
        : problem,
    ),
  );
}
