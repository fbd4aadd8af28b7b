/** A mutant that no test can tell from the source, and why. */
export interface Equivalent {
  file: string;
  /** The line, and what the mutant makes of it, as `npm run mutants` prints both. */
  was: string;
  becomes: string;
  because: string;
}

export const equivalents: readonly Equivalent[] = [];
