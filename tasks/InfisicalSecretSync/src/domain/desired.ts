import { NamingError } from './errors.js';
import type { KeySchema } from './key-schema.js';
import type { SecretValue } from './secret-value.js';
import type { SourceSecret } from './source.js';
import { counted, quoted, quotedList, sameName, sortedByName } from './text.js';
import { nameNotice, nameProblem, type Kind } from './name-policy.js';
import { agentCommand, valueProblem } from './variable-value.js';

/** A variable as it should be. */
export interface DesiredVariable {
  name: string;
  value: SecretValue;
  isSecret: boolean;
}

export interface Naming {
  keySchema: KeySchema;
  /** Secrets with this tag become plain variables; empty means none. */
  plainTag: string;
}

/** Azure DevOps is reported to refuse longer values (MicrosoftDocs/azure-devops-docs#1380). */
const longestUsualValue = 4096;

/**
 * Turns secrets into variables, sorted by name. An empty secret becomes a plain empty variable: Azure DevOps ignores
 * an empty secret and would keep the old value.
 * @param judge what the destination can't hold beside
 * @throws NamingError that lists every name and value that is not allowed, every pair of secrets that meet in one name, and what
 * the destination can't hold
 */
export function desiredVariables(
  secrets: readonly SourceSecret[],
  naming: Naming,
  judge: (variables: readonly DesiredVariable[]) => string[] = () => [],
): DesiredVariable[] {
  const byFoldedName = new Map<string, { variable: DesiredVariable; secret: SourceSecret }>();
  const problems: string[] = [];
  for (const secret of sortedByName(secrets, ({ key }) => key)) {
    const variable = toVariable(secret, naming);
    for (const problem of [nameProblem(variable.name, kindOf(variable)), valueProblem(variable)])
      if (problem !== undefined) problems.push(`${located(secret)} → ${quoted(variable.name)}: ${problem}`);
    const other = byFoldedName.get(sameName(variable.name));
    if (other === undefined) byFoldedName.set(sameName(variable.name), { variable, secret });
    else
      problems.push(`${located(other.secret)} and ${located(secret)} both become ${quoted(variable.name)}`);
  }
  const named = [...byFoldedName.values()].map(({ variable }) => variable);
  const variables = sortedByName(named, ({ name }) => name);
  const all = [...problems, ...judge(variables)];
  if (all.length > 0) throw new NamingError(all.sort());
  return variables;
}

/** What is worth a line in the log although nothing is wrong. */
export function desiredNotices(desired: readonly DesiredVariable[]): string[] {
  const named = (test: (variable: DesiredVariable) => boolean): string[] =>
    desired.filter(test).map(({ name }) => name);
  const notices: [string[], string][] = [
    [
      named(({ name }) => nameNotice(name) === 'unreadable in scripts'),
      'can’t be read by scripts as environment variables under this name; map them with env:',
    ],
    [
      named(({ name }) => nameNotice(name) === 'documented prefix'),
      'have names that begin with endpoint, input, secret, path or securefile; Microsoft’s documentation says that tasks don’t get such variables, although agents hand them on',
    ],
    [
      named(({ value }) => value.matches(/\$\([^()]+\)/)),
      'hold $(…), which the agent replaces by that variable’s value where it is set; nothing can escape it',
    ],
    [
      named(({ value }) => value.matches(agentCommand)),
      'hold a command of the agent ("##vso"), which runs where a step prints the value, hidden or not',
    ],
    [
      named(({ value }) => value.length > longestUsualValue),
      `are longer than ${String(longestUsualValue)} characters, which Azure DevOps is reported to refuse`,
    ],
  ];
  return notices
    .filter(([names]) => names.length > 0)
    .map(([names, what]) => `${counted(names.length, 'variable')} (${quotedList(names)}) ${what}.`);
}

function toVariable(secret: SourceSecret, naming: Naming): DesiredVariable {
  const isPlain = secret.value.isEmpty || (naming.plainTag !== '' && secret.tags.includes(naming.plainTag));
  return { name: naming.keySchema.nameFor(secret.key), value: secret.value, isSecret: !isPlain };
}

/** What becomes of a secret, as far as its name goes. */
export function kindOf({ value, isSecret }: DesiredVariable): Kind {
  if (isSecret) return 'secret';
  return value.isEmpty ? 'empty' : 'tagged';
}

function located(secret: SourceSecret): string {
  return `${quoted(secret.key)} in ${quoted(secret.origin)}`;
}
