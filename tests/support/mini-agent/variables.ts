export interface Variable {
  name: string;
  value: string;
  isSecret: boolean;
  isReadOnly: boolean;
}

const deepest = 50;

/** The variables of a job. Names are one whatever their case; once secret, always secret. */
export class Variables {
  readonly #table = new Map<string, Variable>();

  set(variable: Variable): void {
    const key = variable.name.toLowerCase();
    const before = this.#table.get(key);
    this.#table.set(key, {
      ...variable,
      name: before?.name ?? variable.name,
      isSecret: variable.isSecret || (before?.isSecret ?? false),
    });
  }

  get(name: string): Variable | undefined {
    return this.#table.get(name.toLowerCase());
  }

  all(): Variable[] {
    return [...this.#table.values()];
  }

  /** As the environment and the inputs of the next step see them: `$(other)` inside values is replaced, too. */
  expanded(): Variables {
    const result = new Variables();
    for (const variable of this.all()) {
      const { text, isSecret } = this.#expand(variable.value, [variable.name.toLowerCase()]);
      result.set({ ...variable, value: text, isSecret: variable.isSecret || isSecret });
    }
    return result;
  }

  #expand(text: string, seen: readonly string[]): { text: string; isSecret: boolean } {
    let isSecret = false;
    const expanded = text.replace(/\$\(([^)]+)\)/g, (literal, name: string) => {
      const other = this.get(name);
      const key = name.toLowerCase();
      if (other === undefined || seen.includes(key) || seen.length >= deepest) return literal;
      const inner = this.#expand(other.value, [...seen, key]);
      isSecret ||= other.isSecret || inner.isSecret;
      return inner.text;
    });
    return { text: expanded, isSecret };
  }
}

/** `$(name)` from a table that is expanded already; what is inserted is not looked at again, unknown names stay. */
export function expandMacros(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replace(/\$\(([^)]+)\)/g, (literal, name: string) => lookUp(name) ?? literal);
}

/** How a name becomes an environment variable: `.` and blank turn into `_`, everything else stays. */
export function environmentName(name: string): string {
  return name.replaceAll('.', '_').replaceAll(' ', '_').toUpperCase();
}

/** Names that a task may never set (Constants.Variables.ReadOnlyVariables), shortened to their common beginnings. */
export function isReadOnlyName(name: string): boolean {
  return /^(?:agent|build|release|system|maintenance)\.|^(?:common\.testresultsdirectory|pipeline\.workspace|task\.displayname|FIX_POSSIBLE_GIT_OUT_OF_MEMORY_PROBLEM|USE_GIT_LONG_PATHS|USE_GIT_SINGLE_THREAD)$/i.test(
    name,
  );
}
