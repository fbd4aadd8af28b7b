import { listed, SourceError } from './errors.js';
import type { Verdict } from './reference-values.js';
import { quoted } from './text.js';

type Faults = Extract<Verdict, { kind: 'faults' }>['faults'];
export type FaultOf = Faults[number];

/** The references of one secret that come to nothing. */
export interface FaultyRow {
  key: string;
  /** Where it is, as a person would look for it. */
  origin: string;
  faults: Faults;
}

const words: Record<FaultOf['why'], string> = {
  missing: 'leads to no secret that this machine identity may see',
  unreadable: 'leads to a secret that this machine identity may not read',
  circular: 'leads back to where it started',
  'too deep': 'leads through too many other references',
  across: 'leads to another project, and Infisical gave nothing for it that could be checked',
  left: 'was left as it stands by Infisical, which resolves it differently or not at all',
  differs:
    'came to something else than what is stored: it was changed meanwhile, or Infisical resolves it differently',
};

/** @throws SourceError that names each secret with its reference, when there is one */
export function refuseFaulty(rows: readonly FaultyRow[]): void {
  const lines = rows.flatMap(({ key, origin, faults }) =>
    faults.map(({ literal, why }) => `${quoted(key)} in ${quoted(origin)}: ${quoted(literal)} ${words[why]}`),
  );
  if (lines.length === 0) return;
  throw new SourceError(
    listed(
      'References in these secrets could not be resolved, and Infisical puts nothing in their place without saying so. Mend the reference, or let the machine identity read what it leads to; where it is meant as text, set expandSecretReferences to false, or leave the secret out with tags:',
      [...new Set(lines)].sort(),
    ),
  );
}
