import { randomUUID } from 'node:crypto';

export interface StoredSecret {
  id: string;
  key: string;
  value: string;
  comment: string;
  tags: string[];
  metadata: Metadata[];
  /** Inverted for historic reasons: true means that line breaks are encoded when references are expanded. */
  skipMultilineEncoding: boolean;
  /** Bait: whoever reads it raises an alarm. */
  isHoneyToken?: boolean;
  version: number;
  /** The value of the first version. */
  first: string;
  createdAtMs: number;
  updatedAtMs: number;
  /** Breaks ties between secrets of one name in several folders, which the database leaves to chance. */
  rank?: number;
}

export interface Metadata {
  key: string;
  value: string;
  isEncrypted?: boolean;
}

export interface StoredImport {
  id: string;
  environment: string;
  path: string;
  /** From 1, top to bottom in the web interface. */
  position: number;
  /** Breaks ties between folders, which the database leaves to chance. */
  rank?: number;
  createdAtMs: number;
}

export interface Folder {
  id: string;
  environment: string;
  path: string;
  createdAtMs: number;
  /** By name; the server compares names exactly. */
  secrets: Map<string, StoredSecret>;
  /** A person's own values, by the person's name and the secret's. */
  personal: Map<string, Map<string, StoredSecret>>;
  imports: StoredImport[];
  /** Slugs of the projects that may refer to its secrets. */
  sharedWith: Set<string>;
}

export interface Environment {
  name: string;
  slug: string;
  id: string;
}

export interface Tag {
  id: string;
  slug: string;
  name: string;
  color: string;
}

export interface NewProject {
  slug: string;
  id?: string;
  name?: string;
  environments: readonly (string | Partial<Environment>)[];
  /** Slug of the organization; the root organization unless said otherwise. */
  organization?: string;
  createdAtMs?: number;
  updatedAtMs?: number;
  /** Of the days of end-to-end encryption, and never upgraded. */
  isEndToEnd?: boolean;
}

/** A project with its environments, tags and folders. */
export class Project {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly organization: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly isEndToEnd: boolean;
  readonly environments: readonly Environment[];
  readonly #tags = new Map<string, Tag>();
  readonly #folders = new Map<string, Folder>();
  readonly #now: () => number;

  constructor(project: NewProject, now: () => number) {
    this.id = project.id ?? randomUUID();
    this.slug = project.slug;
    this.name = project.name ?? project.slug;
    this.organization = project.organization ?? rootOrganization;
    this.createdAtMs = project.createdAtMs ?? now();
    this.updatedAtMs = project.updatedAtMs ?? this.createdAtMs;
    this.isEndToEnd = project.isEndToEnd ?? false;
    this.#now = now;
    this.environments = project.environments.map((given) => {
      const { slug = '', name, id } = typeof given === 'string' ? { slug: given } : given;
      return { name: name ?? slug, slug, id: id ?? randomUUID() };
    });
    for (const { slug } of this.environments) this.addFolder(slug, '/');
  }

  environment(slug: string): Environment | undefined {
    return this.environments.find((environment) => environment.slug === slug);
  }

  tag(slug: string, details: Partial<Tag> = {}): Tag {
    const tag = this.#tags.get(slug) ?? { id: randomUUID(), slug, name: slug, color: '#888888', ...details };
    this.#tags.set(slug, tag);
    return tag;
  }

  /** Makes a folder and its parents. */
  addFolder(environment: string, path: string, id?: string): Folder {
    if (path !== '/') this.addFolder(environment, parentOf(path));
    const key = `${environment}:${path}`;
    const folder = this.#folders.get(key) ?? {
      id: id ?? randomUUID(),
      environment,
      path,
      createdAtMs: this.#now(),
      secrets: new Map<string, StoredSecret>(),
      personal: new Map<string, Map<string, StoredSecret>>(),
      imports: [],
      sharedWith: new Set<string>(),
    };
    this.#folders.set(key, folder);
    return folder;
  }

  deleteFolder(environment: string, path: string): void {
    this.#folders.delete(`${environment}:${path}`);
  }

  folder(environment: string, path: string): Folder | undefined {
    return this.#folders.get(`${environment}:${path}`);
  }

  foldersIn(environment: string, path: string): Folder[] {
    return [...this.#folders.values()].filter(
      (folder) => folder.environment === environment && folder.path !== '/' && parentOf(folder.path) === path,
    );
  }

  /** A folder and all below it, down to the depth at which the server stops without a word. */
  foldersFrom(environment: string, path: string): Folder[] {
    const below = path === '/' ? '/' : `${path}/`;
    return [...this.#folders.values()].filter(
      (folder) =>
        folder.environment === environment &&
        (folder.path === path || folder.path.startsWith(below)) &&
        depthOf(folder.path) - depthOf(path) <= deepestRecursion,
    );
  }
}

export const rootOrganization = 'emulated-organization';

const deepestRecursion = 20;

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function depthOf(path: string): number {
  return path === '/' ? 0 : path.split('/').length - 1;
}

/** As Infisical does on write: trimmed, but one line break at the end stays; a lone surrogate does not survive UTF-8. */
export function asStored(value: string): string {
  const trimmed = value.trim();
  return Buffer.from(value.endsWith('\n') ? `${trimmed}\n` : trimmed).toString();
}
