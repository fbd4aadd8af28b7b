import type { Config } from '../config/config.js';
import type { Recording } from '../domain/record/record.js';
import { recordKeyName, reservedSecret, shortestRecordKey } from '../domain/record/reserved.js';
import type { SourceListing } from '../domain/source.js';
import { onlyLooks } from '../domain/settings.js';
import { quoted } from '../domain/text.js';
import type { Prints } from '../ports.js';
import type { Digest } from './approving.js';

export interface Remembering {
  /** None where nobody wants records, or nothing is there to make a key from. */
  recorded: { recording?: Recording };
  digest: Digest;
  notices: string[];
}

/** What this run remembers with, and what a person should know of it. Without a key it goes on without records. */
export function rememberingFor(config: Config, listing: SourceListing, prints: Prints): Remembering {
  const options = shapingOptions(config);
  const reserved = reservedSecret(listing, config.source.secretPath);
  const isShort = reserved !== undefined && reserved.length < shortestRecordKey;
  const notices = isShort ? [tooShort] : [];
  const secret = isShort ? prints.stored : (reserved ?? prints.stored);
  const isWanted = config.destination.kind === 'variableGroup' && config.settings.detectChanges;
  if (secret === undefined) {
    const digest = { key: { mac: prints.open, isSecret: false }, options };
    return { recorded: {}, digest, notices: [...notices, ...withoutKey(config, isWanted)] };
  }
  const mac = prints.keyed(secret);
  return {
    recorded: isWanted ? { recording: { mac, options } } : {},
    digest: { key: { mac, isSecret: true }, options },
    notices,
  };
}

const tooShort = `The secret ${quoted(recordKeyName)} has fewer than ${String(shortestRecordKey)} characters, so it is not used as a key.`;

function withoutKey({ source, settings }: Config, wanted: boolean): string[] {
  const remedy = `Add a random secret ${quoted(recordKeyName)} of at least ${String(shortestRecordKey)} characters to the folder ${quoted(source.secretPath)}. It is never synced.`;
  if (settings.approvedPlan !== '' || onlyLooks(settings.action))
    return [
      `This sign-in has no stored secret to make a key from, so planDigest covers names but no values. ${remedy}`,
    ];
  return wanted && settings.action === 'sync'
    ? [
        `This sign-in has no stored secret to make a key from, so the task cannot record what it wrote, and every run writes every secret. ${remedy}`,
      ]
    : [];
}

/** Everything that shapes what a sync makes of a source, as it was typed. */
function shapingOptions({ source, settings }: Config): string[] {
  const { project, environment, secretPath, recursive, includeImports, expandSecretReferences, tags } =
    source;
  return [
    ...[project.text, environment, secretPath, String(recursive), String(includeImports)],
    ...[String(expandSecretReferences), tags.join(','), settings.keySchema.nameFor('{{secretKey}}')],
    ...[
      settings.syncName,
      settings.plainTag,
      String(settings.disableSecretDeletion),
      settings.syncDescription ?? '',
    ],
  ];
}
