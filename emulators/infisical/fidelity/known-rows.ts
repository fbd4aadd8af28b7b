import type { SecretOptions } from '../emulator.js';
import type { StoredImport, Tag } from '../store.js';
import type { Exchange } from '../../replay/recordings.js';

export interface KnownFolder {
  id?: string;
  createdAtMs?: number;
}

interface Row {
  id: string;
  secretKey: string;
  environment: string;
  secretPath?: string;
  version: number;
  type: string;
  createdAt?: string;
  updatedAt?: string;
  tags?: Tag[];
}

interface Body {
  secrets?: Row[];
  imports?: { environment: string; secretPath: string; folderId?: string; secrets: Row[] }[];
  folders?: { id: string; name: string; createdAt: string; parentId: string }[];
  secretImports?: { id: string; importPath: string; createdAt: string; folderId: string }[];
}

interface Token {
  payload: { identityName?: string; clientSecretId?: string };
}

/** What only recorded answers tell: IDs, versions, dates, and orders that the database left to chance. */
export class KnownRows {
  readonly tags: Tag[] = [];
  readonly clientSecretIds = new Map<string, string>();
  readonly #rows = new Map<string, Row>();
  readonly #folders = new Map<string, KnownFolder>();
  readonly #imports: NonNullable<Body['secretImports']> = [];
  readonly #ranks = new Map<string, number>();
  #entries: { environment: string; secretPath: string }[] = [];

  constructor(exchanges: readonly Exchange[], folderIds: Readonly<Record<string, string>>) {
    for (const [place, id] of Object.entries(folderIds)) this.#folders.set(place.replace('/', ':/'), { id });
    // The last state of what was changed while it was recorded.
    const isEarlier = ({ name }: Exchange): boolean => name.startsWith('versions-');
    for (const exchange of exchanges.filter((one) => !isEarlier(one))) this.#learn(exchange);
    const all = exchanges.find(({ name }) => name === 'list-root-all-flags')?.responseBody as
      Body | undefined;
    (all?.secrets ?? []).forEach(({ id }, index) => this.#ranks.set(id, index));
    this.#entries = all?.imports ?? [];
  }

  details(environment: string, path: string, key: string, type: string): SecretOptions {
    const row = this.#rows.get([environment, path, key, type].join(':')) ?? this.#only(environment, key);
    if (row === undefined) return {};
    const rank = this.#ranks.get(row.id);
    return {
      id: row.id,
      version: row.version,
      ...(row.createdAt === undefined ? {} : { createdAtMs: Date.parse(row.createdAt) }),
      ...(row.updatedAt === undefined ? {} : { updatedAtMs: Date.parse(row.updatedAt) }),
      ...(rank === undefined ? {} : { rank }),
    };
  }

  /** An imported row may lie deeper than its entry says; where one alone has the name it is that. */
  #only(environment: string, key: string): Row | undefined {
    const rows = [...this.#rows.values()].filter(
      (row) => row.environment === environment && row.secretKey === key,
    );
    return rows.length === 1 && rows[0]?.createdAt === undefined ? rows[0] : undefined;
  }

  folder(environment: string, path: string): KnownFolder | undefined {
    return this.#folders.get(`${environment}:${path}`);
  }

  import({ environment, path, importPath }: Record<'environment' | 'path' | 'importPath', string>): object {
    const folderId = this.folder(environment, path)?.id;
    const known = this.#imports.find(
      (entry) => entry.folderId === folderId && entry.importPath === importPath,
    );
    return known === undefined ? {} : { id: known.id, createdAtMs: Date.parse(known.createdAt) };
  }

  /** Gives imports of one position in different folders the order that was recorded once. */
  rank(imports: readonly StoredImport[]): void {
    const left = [...imports].sort((a, b) => a.position - b.position);
    for (const entry of left) entry.rank = this.#entries.length;
    this.#entries.forEach(({ environment, secretPath }, rank) => {
      const index = left.findIndex((entry) => entry.environment === environment && entry.path === secretPath);
      const [found] = index < 0 ? [] : left.splice(index, 1);
      if (found !== undefined) found.rank = rank;
    });
  }

  #learn({ target, responseBody, raw }: Exchange): void {
    const { payload } = (raw['responseTokenDecoded'] ?? { payload: {} }) as Token;
    if (payload.identityName !== undefined && payload.clientSecretId !== undefined)
      this.clientSecretIds.set(payload.identityName, payload.clientSecretId);
    const body = (typeof responseBody === 'object' ? responseBody : {}) as Body;
    for (const row of body.secrets ?? []) this.#learnRow(row, row.secretPath);
    for (const { environment, secretPath, folderId, secrets } of body.imports ?? []) {
      if (folderId !== undefined) this.#learnFolder(environment, secretPath, { id: folderId });
      for (const row of secrets) this.#learnRow(row, secretPath);
    }
    this.#imports.push(...(body.secretImports ?? []));
    if (target.includes('/folders?')) this.#learnFolders(target, body.folders ?? []);
  }

  #learnRow(row: Row, path = '/'): void {
    for (const tag of row.tags ?? []) if (this.tags.every(({ id }) => id !== tag.id)) this.tags.push(tag);
    const tidy = `/${path.split('/').filter(Boolean).join('/')}`;
    const key = [row.environment, tidy, row.secretKey, row.type].join(':');
    if (row.createdAt !== undefined || !this.#rows.has(key)) this.#rows.set(key, row);
  }

  #learnFolder(environment: string, path: string, known: KnownFolder): void {
    const key = `${environment}:${path}`;
    this.#folders.set(key, { ...this.#folders.get(key), ...known });
  }

  #learnFolders(target: string, folders: NonNullable<Body['folders']>): void {
    const query = new URL(target, 'http://recorded').searchParams;
    const environment = query.get('environment') ?? '';
    const path = query.get('path') ?? '/';
    for (const { id, name, createdAt, parentId } of folders) {
      this.#learnFolder(environment, path, { id: parentId });
      this.#learnFolder(environment, `${path === '/' ? '' : path}/${name}`, {
        id,
        createdAtMs: Date.parse(createdAt),
      });
    }
  }
}
