/** A folder of one environment. */
export interface Place {
  environment: string;
  path: string;
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.environment === b.environment && a.path === b.path;
}

/** As a person would look for it: `prod:/shared`. */
export function placeText({ environment, path }: Place): string {
  return `${environment}:${path}`;
}

/** `${KEY}`, `${env.KEY}`, `${env.folder.KEY}` or `${@project.env.folder.KEY}`. */
export interface Reference {
  /** As it stands in the text. */
  literal: string;
  key: string;
  /** Undefined for a name alone, which is looked for where the text stands. */
  place: Place | undefined;
  /** Whether it names another project. */
  isAcross: boolean;
}

/**
 * What Infisical takes for a reference; all else, such as `${VAR:-default}`, is text to it. Servers differ in whether a
 * name may hold blanks (docs/adr/0014).
 */
export const grammars = {
  blanks: /\$\{[\w.@-]+(?: +[\w.@-]+)*\}/g,
  'no blanks': /\$\{[\w.@-]+\}/g,
} as const;
export type Grammar = keyof typeof grammars;

export function parseReference(literal: string): Reference {
  const parts = literal.slice(2, -1).split('.');
  const key = parts.at(-1) ?? '';
  const isAcross = parts.length > 1 && parts[0]?.startsWith('@') === true;
  const [environment, ...folders] = parts.slice(isAcross ? 1 : 0, -1);
  return {
    literal,
    key,
    isAcross,
    place:
      environment === undefined ? undefined : { environment, path: `/${folders.filter(Boolean).join('/')}` },
  };
}

/** Whether there can be such a folder at all: names of environments and folders hold letters, digits, `-` and `_`. */
export function canBe({ environment, path }: Place): boolean {
  return /^[\w-]+$/.test(environment) && /^[\w/-]+$/.test(path);
}
