/** A mutant that no test can tell from the source, and why. */
export interface Equivalent {
  file: string;
  /** The line, and what the mutant makes of it, as `npm run mutants` prints both. */
  was: string;
  becomes: string;
  because: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: 'sync/converge.ts',
    was: 'if (again !== current) plan = planDestination(settings, desired, believed(again, rounds));',
    becomes: 'if (true) plan = planDestination(settings, desired, believed(again, rounds));',
    because: 'Planning the same read once more gives the same plan.',
  },
  {
    file: 'sync/rounds.ts',
    was: "return { kind: 'contested', tookEffect: true };",
    becomes: "return { kind: 'contested', tookEffect: false };",
    because: 'This outcome only says how long to wait; the state is set before.',
  },
  {
    file: 'sync/conclude.ts',
    was: "return (error.stack ?? '')",
    becomes: 'return (error.stack ?? "Stryker was here!")',
    because: 'Only lines that look like those of a stack are taken from it.',
  },
  {
    file: 'sync/report.ts',
    was: 'notices: [],',
    becomes: 'notices: ["Stryker was here"],',
    because: 'Each report replaces it.',
  },
];
