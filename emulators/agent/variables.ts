import { nextMacro } from './macros.js';
import { readOnlyNames } from './read-only-names.js';

export interface Variable {
  name: string;
  value: string;
  isSecret: boolean;
  isReadOnly: boolean;
  keepsCase?: boolean;
}

const deepest = 50;

/** Why a value stays as it is written. */
class CannotExpand extends Error {}

/**
 * The variables of a job, or of a task (Variables.cs). Names are one whatever their case; once secret, always secret;
 * once read-only, always read-only. Values are kept as written and as expanded at the start of the current step.
 */
export class Variables {
  readonly #written = new Map<string, Variable>();
  #expanded = new Map<string, Variable>();
  readonly #mask: (value: string) => void;

  /** @param mask is told every value that turns out to be secret */
  constructor(mask: (value: string) => void = () => undefined) {
    this.#mask = mask;
  }

  /** What the job message brings: its secrets have been masked by other rules. */
  load(variables: readonly Variable[]): string[] {
    for (const variable of variables) {
      if (variable.name.trim() !== '') this.#written.set(variable.name.toLowerCase(), variable);
    }
    return this.recalculate();
  }

  set(variable: Variable): void {
    const key = variable.name.toLowerCase();
    const before = this.#expanded.get(key);
    const isSecret = variable.isSecret || before?.isSecret === true;
    if (isSecret && variable.value !== '') this.#mask(variable.value);
    const stored = { ...variable, isSecret, isReadOnly: variable.isReadOnly || before?.isReadOnly === true };
    this.#expanded.set(key, stored);
    this.#written.set(key, stored);
  }

  unset(name: string): void {
    this.#expanded.delete(name.toLowerCase());
    this.#written.delete(name.toLowerCase());
  }

  get(name: string): Variable | undefined {
    return this.#expanded.get(name.toLowerCase());
  }

  all(): Variable[] {
    return [...this.#expanded.values()];
  }

  /** A name of the fixed list is read-only as soon as it has a value. */
  isReadOnly(name: string): boolean {
    const variable = this.get(name);
    return variable !== undefined && (variable.isReadOnly || readOnlyNames.has(name.toLowerCase()));
  }

  /**
   * Before every step: `$(other)` inside values is replaced, and secrecy is inherited.
   * @returns warnings for what can't be expanded
   */
  recalculate(): string[] {
    const warnings: string[] = [];
    const expanded = new Map(this.#written);
    for (const [key, variable] of this.#written) {
      const state = { isSecret: variable.isSecret };
      try {
        const value = this.#expand(variable, [], state);
        if (value === variable.value) continue;
        if (state.isSecret && value !== '') this.#mask(value);
        expanded.set(key, { ...variable, value, isSecret: state.isSecret });
      } catch (error) {
        if (!(error instanceof CannotExpand)) throw error;
        warnings.push(`Unable to expand variable '${variable.name}'. ${error.message}`);
      }
    }
    this.#expanded = expanded;
    return warnings;
  }

  #expand(variable: Variable, above: readonly string[], state: { isSecret: boolean }): string {
    let text = variable.value;
    let from = 0;
    const path = [...above, variable.name.toLowerCase()];
    for (let macro = nextMacro(text, from); macro !== undefined; macro = nextMacro(text, from)) {
      const nested = this.#written.get(macro.name.toLowerCase());
      if (nested === undefined) {
        from = macro.start + 1;
        continue;
      }
      if (path.length === deepest)
        throw new CannotExpand(`The max expansion depth (${deepest}) was exceeded.`);
      if (path.includes(nested.name.toLowerCase()))
        throw new CannotExpand('A cyclical reference was detected.');
      state.isSecret ||= nested.isSecret;
      const value = this.#expand(nested, path, state);
      text = text.slice(0, macro.start) + value + text.slice(macro.end);
      from = macro.start + value.length;
    }
    return text;
  }
}
