import { randomUUID } from 'node:crypto';

export interface StoredSecret {
  id: string;
  key: string;
  value: string;
  comment: string;
  tags: string[];
  version: number;
}

export interface StoredImport {
  environment: string;
  path: string;
}

export interface Folder {
  id: string;
  environment: string;
  path: string;
  secrets: Map<string, StoredSecret>;
  imports: StoredImport[];
}

/** A project with its environments and folders. */
export class Project {
  readonly id: string;
  readonly slug: string;
  readonly environments: readonly string[];
  readonly #folders = new Map<string, Folder>();

  constructor(project: { id?: string; slug: string; environments: readonly string[] }) {
    this.id = project.id ?? randomUUID();
    this.slug = project.slug;
    this.environments = project.environments;
    for (const environment of project.environments) this.addFolder(environment, '/');
  }

  /** Makes a folder and its parents. */
  addFolder(environment: string, path: string): Folder {
    const parent = path === '/' ? undefined : path.slice(0, path.lastIndexOf('/')) || '/';
    if (parent !== undefined) this.addFolder(environment, parent);
    const key = `${environment}:${path}`;
    const folder = this.#folders.get(key) ?? {
      id: randomUUID(),
      environment,
      path,
      secrets: new Map<string, StoredSecret>(),
      imports: [],
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

  /** A folder and all below it. */
  foldersFrom(environment: string, path: string): Folder[] {
    const below = path === '/' ? '/' : `${path}/`;
    return [...this.#folders.values()].filter(
      (folder) =>
        folder.environment === environment && (folder.path === path || folder.path.startsWith(below)),
    );
  }
}
