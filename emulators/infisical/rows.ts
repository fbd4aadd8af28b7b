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
    secretValueHidden: row.hidden,
    secretMetadata: metadata.map(({ key, value, isEncrypted = false }) => ({ key, value, isEncrypted })),
    isRotatedSecret: false,
    rotationId: null,
  };
}

/** Own rows of today. */
export function shownOwn(row: Row, project: Project): Record<string, unknown> {
  return {
    ...shownImported(row),
    workspace: project.id,
    secretPath: row.folder.path,
    secretReminderNote: null,
    secretReminderRepeatDays: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-02T00:00:00.000Z',
    actor: null,
    tags: row.secret.tags.map((slug) => {
      const { id, color, name } = project.tag(slug);
      return { id, slug, color, name };
    }),
  };
}
