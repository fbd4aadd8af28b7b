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
  missing: 'does not lead to a secret that this machine identity can see',
  unreadable: 'leads to a secret that this machine identity may not read',
  circular: 'leads back to itself',
  'too deep': 'leads through too many other references',
  across: 'leads to another project, and what Infisical returned for it could not be checked',
  left: 'was left unresolved by Infisical, which resolves it differently or not at all',
  differs:
    'was resolved to a different value than the stored one: somebody changed it during this run, or Infisical resolves it differently',
};

/** @throws SourceError that names each secret with its reference, when there is one */
export function refuseFaulty(rows: readonly FaultyRow[]): void {
  const lines = rows.flatMap(({ key, origin, faults }) =>
    faults.map(({ literal, why }) => `${quoted(key)} in ${quoted(origin)}: ${quoted(literal)} ${words[why]}`),
  );
  if (lines.length === 0) return;
  throw new SourceError(
    listed(
      'References in these secrets could not be resolved. Infisical would replace them with nothing, without an error. Correct the reference, or let the machine identity read the secret that it leads to. If the text is not meant as a reference, set expandSecretReferences to false, or leave the secret out with tags:',
      [...new Set(lines)].sort(),
    ),
  );
}
