import { isRecorded2026, type Profile } from './answers.js';
import type { Actor } from './server.js';
import type { Folder, Project, StoredSecret } from './store.js';

/** A secret on its way into an answer. */
export interface Row {
  secret: StoredSecret;
  type: 'shared' | 'personal';
  folder: Folder;
  value: string;
  hidden: boolean;
}

export const hiddenValue = '<hidden-by-infisical>';

export type PersonalRows = 'none' | 'beside shared' | 'in place of shared';

/** What a folder holds; a person's own values come beside the shared ones or in their place. */
export function rowsOf(folder: Folder, actor: Actor | undefined, personal: PersonalRows): Row[] {
  const own = personal === 'none' ? undefined : folder.personal.get(actor?.identity.name ?? '');
  const row = (secret: StoredSecret, type: Row['type']): Row => ({
    secret,
    type,
    folder,
    value: secret.value,
    hidden: false,
  });
  const shared = [...folder.secrets.values()]
    .filter(({ key }) => personal !== 'in place of shared' || own?.has(key) !== true)
    .map((secret) => row(secret, 'shared'));
  return [...shared, ...[...(own?.values() ?? [])].map((secret) => row(secret, 'personal'))];
}

/** No order is promised; by ID, as recorded, is unrelated to names. */
export function byId(a: Row, b: Row): number {
  return a.secret.id < b.secret.id ? -1 : 1;
}

/** Recorded of today: by name, letter by letter. */
export function byKey(a: Row, b: Row): number {
  const order = Buffer.compare(Buffer.from(a.secret.key), Buffer.from(b.secret.key));
  return order || (a.secret.rank ?? 0) - (b.secret.rank ?? 0);
}

/** The first row of each name. */
export function firstOfEach(rows: readonly Row[]): Row[] {
  const seen = new Set<string>();
  return rows.filter(({ secret: { key } }) => !seen.has(key) && seen.add(key));
}

/** The fields that every version sends, in the recorded order. */
export function shownOld(row: Row, workspace: string): Record<string, unknown> {
  const { id, version, key, comment } = row.secret;
  return {
    id,
    _id: id,
    workspace,
    environment: row.folder.environment,
    version,
    type: row.type,
    secretKey: key,
    secretValue: row.value,
    secretComment: comment,
  };
}

/** Imported rows of today; they have neither dates nor path nor tags. */
export function shownImported(row: Row): Record<string, unknown> {
  const { skipMultilineEncoding, metadata } = row.secret;
  return {
    ...shownOld(row, ''),
    skipMultilineEncoding,
    isRotatedSecret: false,
    rotationId: null,
    ...(row.secret.isHoneyToken === true ? { isHoneyTokenSecret: true } : {}),
    secretValueHidden: row.hidden,
    secretMetadata: metadata.map(({ key, value, isEncrypted = false }) => ({ key, value, isEncrypted })),
  };
}

interface Shown {
  profile: Profile;
  /** Slugs that were asked for; recorded: of a secret's tags only these are shown then. */
  tags: readonly string[];
}

/** Own rows of today; the author was named before July 2026. */
export function shownOwn(
  row: Row,
  project: Project,
  { profile, tags: asked }: Shown,
): Record<string, unknown> {
  const isShown = (slug: string): boolean =>
    !isRecorded2026(profile) || asked.length === 0 || asked.includes(slug);
  const { secretValueHidden, secretMetadata, ...imported } = shownImported(row);
  const { skipMultilineEncoding, isRotatedSecret, rotationId, ...old } = imported;
  return {
    ...old,
    workspace: project.id,
    secretReminderNote: null,
    secretReminderRepeatDays: null,
    skipMultilineEncoding,
    createdAt: new Date(row.secret.createdAtMs).toISOString(),
    updatedAt: new Date(row.secret.updatedAtMs).toISOString(),
    ...(isRecorded2026(profile) ? {} : { actor: null }),
    isRotatedSecret,
    rotationId,
    secretPath: row.folder.path,
    secretValueHidden,
    secretMetadata,
    tags: row.secret.tags.filter(isShown).map((slug) => {
      const { id, color, name } = project.tag(slug);
      return { id, slug, color, name };
    }),
  };
}
