import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InfisicalEmulator } from '../emulator.js';
import type { Project, StoredImport } from '../store.js';
import { readExchanges, recordingNames, type Exchange } from '../../replay/recordings.js';
import type { WorldFile } from './recorded-world.js';
import { KnownRows, type KnownFolder } from './known-rows.js';

interface WorldFile2026 extends WorldFile {
  folderIds: Record<string, string>;
  secrets: (WorldFile['secrets'][number] & {
    secretMetadata?: { key: string; value: string; isEncrypted?: boolean }[];
  })[];
  secretsRefused: string[];
  identityIds: Record<string, string>;
}

/** The person whose own value of one secret is stored. */
export const person = 'admin user';

/** What was added while it was recorded: folders of `dev`, in this order, with their secrets and their import. */
const added: { path: string; secrets?: Record<string, string>; imports?: string }[] = [
  { path: '/ws-dir', secrets: { VER: 'three', VER_REF: 'ref=${VER}' } },
  { path: '/importer', imports: '/ws-dir' },
  {
    path: '/miss',
    secrets: {
      M_LOCAL: 'a${NOT_THERE}b',
      M_CROSS: 'a${dev.nofolder.NOPE}b',
      M_ENV: 'a${noenv.shared.X}b',
      M_SHELL: 'echo ${HOME} $PATH',
      M_DEFAULT: '${X:-1}',
      M_PROJECT: 'a${@other-project.dev.X}b',
    },
  },
  { path: '/miss-importer', imports: '/miss' },
  ...[4, 3, 2, 1].map((depth) => ({
    path: `/d${String(depth)}`,
    secrets: { [`K_d${String(depth)}`]: `d${String(depth)}` },
    ...(depth === 4 ? {} : { imports: `/d${String(depth + 1)}` }),
  })),
];

/** What was stored on the recorded server of July 2026, with IDs, versions and dates where answers tell them. */
export class RecordedWorld2026 {
  readonly organization: string;
  readonly #file: WorldFile2026;
  readonly #known: KnownRows;

  constructor(folder: string) {
    this.#file = JSON.parse(readFileSync(join(folder, '_world.json'), 'utf8')) as WorldFile2026;
    this.organization = this.#file.organization.id;
    this.#known = new KnownRows(
      recordingNames(folder).flatMap((name): Exchange[] => readExchanges(folder, name)),
      this.#file.folderIds,
    );
  }

  identityId(name: string): string | undefined {
    return this.#file.identityIds[name];
  }

  clientSecretId(name: string): string | undefined {
    return this.#known.clientSecretIds.get(name);
  }

  fill(emulator: InfisicalEmulator): void {
    const { project, otherProject } = this.#file;
    const common = { organization: this.organization, createdAtMs: Date.parse('2026-11-27T16:04:52.229Z') };
    const updatedAtMs = Date.parse('2026-11-27T16:04:53.633Z');
    const filled = emulator.addProject({ ...project, ...common, updatedAtMs });
    emulator.addProject({ ...otherProject, ...common, environments: ['dev'] });
    for (const tag of this.#known.tags) filled.tag(tag.slug, tag);
    this.#addFolders(emulator);
    this.#addSecrets(emulator);
    this.#addImports(emulator);
    this.#addLater(emulator, filled);
  }

  /** As it was before all of what was added while it was recorded was there. */
  static before(emulator: InfisicalEmulator, path: string): void {
    const first = added.findIndex((entry) => entry.path === path);
    for (const entry of added.slice(first)) emulator.deleteFolder(dev(entry.path));
  }

  #place(environment: string, path: string): { project: string; environment: string; path: string } {
    return { project: this.#file.project.slug, environment, path };
  }

  #addFolders(emulator: InfisicalEmulator): void {
    for (const [environments, paths] of Object.entries(this.#file.folders)) {
      for (const environment of environments.split(/, | and /)) {
        for (const path of ['/', ...paths].map((given) => given.replace(/ \(.*$/, '')))
          emulator.addFolder(this.#place(environment, path), this.#details(environment, path));
      }
    }
  }

  #details(environment: string, path: string): KnownFolder {
    return this.#known.folder(environment, path) ?? {};
  }

  #addSecrets(emulator: InfisicalEmulator): void {
    for (const secret of this.#file.secrets) {
      const { environment, path, key } = secret;
      if (this.#file.secretsRefused.includes(key)) continue;
      const long = secret.valueAsSent === '<"0123456789" 3000 times>';
      emulator.setSecret(
        this.#place(environment, path),
        key,
        long ? '0123456789'.repeat(3000) : secret.valueAsSent,
        {
          ...this.#known.details(environment, path, key, secret.type ?? 'shared'),
          comment: secret.secretComment ?? '',
          tags: secret.tags ?? [],
          metadata: secret.secretMetadata ?? [],
          skipMultilineEncoding: secret.skipMultilineEncoding ?? false,
          ...(secret.type === 'personal' ? { personalOf: person } : {}),
        },
      );
    }
    for (const count of [10, 100, 1000])
      for (let index = 0; index < count; index += 1)
        emulator.setSecret(
          this.#place('prod', `/n${String(count)}`),
          `BULK_${String(index).padStart(4, '0')}`,
          `value-${String(index)}-abcdefghijklmnopqrstuvwxyz`,
          { comment: index % 2 === 1 ? 'c' : '' },
        );
  }

  #addImports(emulator: InfisicalEmulator): void {
    const imports: StoredImport[] = this.#file.importsInCreationOrder.map((entry) => {
      const stored = emulator.addImport(this.#place(entry.environment, entry.path), {
        environment: entry.importEnvironment,
        path: entry.importPath,
      });
      return Object.assign(stored, this.#known.import(entry));
    });
    const importer = emulator.addImport(dev('/importer'), { environment: 'dev', path: '/ws-dir' });
    this.#known.rank([...imports, importer]);
    emulator.deleteFolder(dev('/gone'));
  }

  #addLater(emulator: InfisicalEmulator, project: Project): void {
    for (const { path, secrets = {}, imports } of added) {
      emulator.addFolder(dev(path), this.#details('dev', path));
      for (const [key, value] of Object.entries(secrets))
        emulator.setSecret(dev(path), key, value, this.#known.details('dev', path, key, 'shared'));
      const isThere = (project.folder('dev', path)?.imports.length ?? 0) > 0;
      if (imports !== undefined && !isThere)
        emulator.addImport(dev(path), { environment: 'dev', path: imports });
    }
  }
}

export function dev(path: string): { project: string; environment: string; path: string } {
  return { project: 'emu-project', environment: 'dev', path };
}
