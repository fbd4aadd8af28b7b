import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InfisicalEmulator } from '../emulator.js';
import type { Project, StoredImport } from '../store.js';
import { readExchanges, recordingNames, type Exchange } from '../../replay/recordings.js';

/** What the recording says of the world in which it was made. */
export interface WorldFile {
  organization: { id: string };
  project: {
    id: string;
    slug: string;
    name: string;
    environments: { name: string; slug: string; id: string }[];
  };
  otherProject: { id: string; slug: string };
  folders: Record<string, string[]>;
  secrets: {
    environment: string;
    path: string;
    key: string;
    valueAsSent: string;
    secretComment?: string;
    skipMultilineEncoding?: boolean;
    tags?: string[];
    type?: 'personal';
  }[];
  importsInCreationOrder: {
    environment: string;
    path: string;
    importEnvironment: string;
    importPath: string;
  }[];
}

interface Row {
  id: string;
  secretKey: string;
  environment: string;
  secretPath?: string;
  version: number;
  tags?: { id: string; slug: string; name: string; color: string }[];
}

interface KnownProject {
  id: string;
  name: string;
  createdAt: string;
  environments: WorldFile['project']['environments'];
}

/** The person who may list projects, and whose own value of one secret is stored. */
export const person = 'admin';

/** What was stored on the recorded server, with IDs where answers tell them. */
export class RecordedWorld {
  readonly organization: string;
  readonly #file: WorldFile;
  readonly #exchanges: Map<string, Exchange>;
  readonly #ids: RecordedIds;

  constructor(folder: string) {
    this.#file = JSON.parse(readFileSync(join(folder, '_world.json'), 'utf8')) as WorldFile;
    this.organization = this.#file.organization.id;
    const exchanges = recordingNames(folder).flatMap((name) => readExchanges(folder, name));
    this.#exchanges = new Map(exchanges.map((exchange) => [exchange.name, exchange]));
    this.#ids = new RecordedIds(exchanges);
  }

  fill(emulator: InfisicalEmulator): void {
    const { project, otherProject } = this.#file;
    const known = this.#projects();
    const common = { organization: this.organization };
    const created = (id: string): { createdAtMs: number } => ({
      createdAtMs: Date.parse(known.find((candidate) => candidate.id === id)?.createdAt ?? ''),
    });
    const filled = emulator.addProject({ ...project, ...common, ...created(project.id) });
    const other = known.find(({ id }) => id === otherProject.id);
    emulator.addProject({
      slug: otherProject.slug,
      id: otherProject.id,
      name: other?.name ?? '',
      environments: other?.environments ?? [],
      ...common,
      ...created(otherProject.id),
    });
    this.#addFolders(emulator, filled);
    this.#addSecrets(emulator, filled);
    this.#addImports(emulator, filled);
    filled.deleteFolder('dev', '/gone');
  }

  #projects(): KnownProject[] {
    const body = this.#exchanges.get('workspaces-as-user')?.responseBody as { workspaces: KnownProject[] };
    return body.workspaces;
  }

  #addFolders(emulator: InfisicalEmulator, project: Project): void {
    for (const [environments, paths] of Object.entries(this.#file.folders)) {
      for (const environment of environments.split(/, | and /)) {
        const given = ['/', ...paths].map((path) => path.replace(/ \(.*$/, ''));
        for (const path of given) {
          const place = { project: project.slug, environment, path };
          emulator.addFolder(place, this.#ids.folder(environment, path));
        }
      }
    }
  }

  #addSecrets(emulator: InfisicalEmulator, project: Project): void {
    for (const tag of this.#ids.tags) project.tag(tag.slug, tag);
    for (const secret of this.#file.secrets) {
      const { environment, path, key } = secret;
      const known = this.#ids.secret(environment, path, key);
      const value =
        secret.valueAsSent === '<"0123456789" 3000 times>' ? '0123456789'.repeat(3000) : secret.valueAsSent;
      for (let version = 0; version < (known?.version ?? 1); version += 1) {
        emulator.setSecret({ project: project.slug, environment, path }, key, value, {
          ...(known === undefined || secret.type !== undefined ? {} : { id: known.id }),
          comment: secret.secretComment ?? '',
          tags: secret.tags ?? [],
          skipMultilineEncoding: secret.skipMultilineEncoding ?? false,
          ...(secret.type === 'personal' ? { personalOf: person } : {}),
        });
      }
    }
  }

  #addImports(emulator: InfisicalEmulator, project: Project): void {
    const added: StoredImport[] = this.#file.importsInCreationOrder.map((entry) => {
      const place = { project: project.slug, environment: entry.environment, path: entry.path };
      return emulator.addImport(place, { environment: entry.importEnvironment, path: entry.importPath });
    });
    this.#rank(added);
  }

  /** The order of imports that have one position in different folders was the database's own; it was recorded once. */
  #rank(added: StoredImport[]): void {
    const body = this.#exchanges.get('list-root-all-flags')?.responseBody as {
      imports: { environment: string; secretPath: string }[];
    };
    const left = [...added].sort((a, b) => a.position - b.position);
    body.imports.forEach(({ environment, secretPath }, rank) => {
      const index = left.findIndex((entry) => entry.environment === environment && entry.path === secretPath);
      const [found] = left.splice(index, 1);
      if (found !== undefined) found.rank = rank;
    });
  }
}

/** IDs that only answers tell, by place and name. */
class RecordedIds {
  readonly tags: NonNullable<Row['tags']> = [];
  readonly #secrets = new Map<string, Row>();
  readonly #folders = new Map<string, { id: string; createdAtMs?: number }>();

  constructor(exchanges: readonly Exchange[]) {
    for (const exchange of exchanges) this.#learn(exchange);
  }

  secret(environment: string, path: string, key: string): Row | undefined {
    return this.#secrets.get(`${environment}:${path}:${key}`);
  }

  folder(environment: string, path: string): { id?: string; createdAtMs?: number } {
    return this.#folders.get(`${environment}:${path}`) ?? {};
  }

  #learn({ name, target, responseBody }: Exchange): void {
    const body = responseBody as {
      secrets?: Row[];
      secret?: Row;
      imports?: { environment: string; secretPath: string; folderId?: string; secrets: Row[] }[];
      folders?: { id: string; name: string; createdAt: string; parentId: string }[];
    } | null;
    for (const row of body?.secrets ?? []) this.#learnSecret(row, row.secretPath);
    this.tags.push(...(body?.secret?.tags ?? []));
    // Two answers carry shifted imports, whose labels lie.
    const imports = ['list-broken-import', 'list-root-all-flags'].includes(name) ? [] : (body?.imports ?? []);
    for (const { environment, secretPath, folderId = '', secrets } of imports) {
      this.#folders.set(`${environment}:${secretPath}`, {
        ...this.#folders.get(`${environment}:${secretPath}`),
        id: folderId,
      });
      for (const row of secrets) this.#learnSecret(row, secretPath);
    }
    if (body?.folders !== undefined && name.startsWith('folders-')) this.#learnFolders(target, body.folders);
  }

  #learnSecret(row: Row, path: string | undefined): void {
    const key = `${row.environment}:${String(path?.replace(/(.)\/$/, '$1'))}:${row.secretKey}`;
    const known = this.#secrets.get(key);
    if (known === undefined || row.secretPath !== undefined) this.#secrets.set(key, row);
  }

  #learnFolders(
    target: string,
    folders: readonly { id: string; name: string; createdAt: string; parentId: string }[],
  ): void {
    const path = new URL(target, 'http://recorded').searchParams.get('path') ?? '/';
    const base = path === '/' ? '' : path;
    for (const { id, name, createdAt, parentId } of folders) {
      this.#folders.set(`dev:${path}`, { ...this.#folders.get(`dev:${path}`), id: parentId });
      this.#folders.set(`dev:${base}/${name}`, { id, createdAtMs: Date.parse(createdAt) });
    }
  }
}
