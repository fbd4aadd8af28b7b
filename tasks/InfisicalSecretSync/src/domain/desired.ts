import { NamingError } from './errors.js';
import type { KeySchema } from './key-schema.js';
import type { SecretValue } from './secret-value.js';
import type { SourceSecret } from './source.js';
import { quoted, quotedList, sameName, sortedByName } from './text.js';
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
      'Scripts cannot read these variables by name. Map them in the env block of the step',
    ],
    [
      named(({ name }) => nameNotice(name) === 'documented prefix'),
      'Microsoft’s documentation says that tasks do not get variables whose name begins with endpoint, input, secret, path or securefile, although agents pass them on',
    ],
    [
      named(({ value }) => value.matches(/\$\([^()]+\)/)),
      'These values contain $(…), which the agent replaces if a variable of that name exists. It cannot be escaped',
    ],
    [
      named(({ value }) => value.matches(agentCommand)),
      'These values contain a logging command of the agent, which runs when a step prints the value, even a masked one',
    ],
    [
      named(({ value }) => value.length > longestUsualValue),
      `These values are longer than ${String(longestUsualValue)} characters, and Azure DevOps is reported to refuse such values`,
    ],
  ];
  return notices
    .filter(([names]) => names.length > 0)
    .map(([names, what]) => `${what}: ${quotedList(names)}.`);
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
