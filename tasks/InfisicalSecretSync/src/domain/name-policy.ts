import { environmentForm } from './environment-name.js';
import { groupedBy } from './grouping.js';
import { nameFamilies, type NameFamily } from './name-families.js';

/**
 * What becomes of a secret: a secret variable, or a plain one, because of its tag or because it is empty. A plain
 * variable reaches the environment of every later step, in every destination and with every agent.
 */
export type Kind = 'secret' | 'tagged' | 'empty';

/** Why a variable of this name must not be written, whatever the destination, or nothing. */
export function nameProblem(name: string, kind: Kind): string | undefined {
  return formProblem(name) ?? powerOf(name, kind);
}

/** Whether a script may be handed an environment variable of this name. */
export function isHarmless(name: string): boolean {
  return familyOf(name) === undefined;
}

/** What is worth knowing about a name that is allowed, or nothing. */
export function nameNotice(name: string): 'unreadable in scripts' | 'documented prefix' | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_.]*$/.test(name)) return 'unreadable in scripts';
  if (documentedPrefixes.test(name)) return 'documented prefix';
  return undefined;
}

/** Microsoft's documentation: such variables "will not be available to your tasks and scripts". */
const documentedPrefixes = /^(?:endpoint|input|secret|path|securefile)/i;

function formProblem(name: string): string | undefined {
  if (name === '') return 'the name is empty';
  if (name === '__proto__') return 'many programs cannot hold a variable of this name';
  if (/\p{Cc}/u.test(name)) return 'the name contains a control character';
  if (name !== name.trim()) return 'the name begins or ends with a space';
  if (/[$()/]/.test(name)) return 'the name contains "$", "(", ")" or "/", so a pipeline cannot refer to it';
  // What stands behind it would be the beginning of the value: `BASH_ENV=x` sets BASH_ENV.
  if (environmentForm(name).includes('='))
    return 'the name contains "=", which ends a name in commands and environments';
  return undefined;
}

/** The agent's own names as they are spelled, known or not: its later versions may know more. */
const agentScopes = /^(?:build|release|system|task)\./i;

function powerOf(name: string, kind: Kind): string | undefined {
  if (agentScopes.test(name)) return 'the agent reserves names of this scope';
  const family = familyOf(name);
  if (family === undefined) return undefined;
  if (family.reach === 'agent') return family.why;
  if (family.reach === 'checkout')
    return kind === 'secret'
      ? `${family.why}, and the checkout step also passes secret variables to Git`
      : family.why;
  if (kind === 'secret') return undefined;
  return kind === 'empty'
    ? `${family.why}, and an empty secret becomes a plain variable; the name is allowed if the secret has a value`
    : `${family.why}; the name is allowed without the tag that makes the variable plain`;
}

interface Listed {
  name: string;
  /** Where its family stands in the list of families. */
  at: number;
}

/** What is listed with a `*` begins with so many characters at least; by them it is found. */
const startOf = (name: string): string => name.slice(0, 3);
const listed = nameFamilies.flatMap(({ names }, at) => names.map((name): Listed => ({ name, at })));
const wholeNames = groupedBy(listed, ({ name }) => name);
const beginnings = groupedBy(
  listed.filter(({ name }) => name.endsWith('*')),
  ({ name }) => startOf(name),
);

/** The first family that has the whole name, or a beginning of it with a `*`. */
function familyOf(name: string): NameFamily | undefined {
  const form = environmentForm(name);
  const whole = wholeNames.get(form)?.[0];
  const begun = beginnings.get(startOf(form))?.find((one) => form.startsWith(one.name.slice(0, -1)));
  return nameFamilies[Math.min(whole?.at ?? Infinity, begun?.at ?? Infinity)];
}
