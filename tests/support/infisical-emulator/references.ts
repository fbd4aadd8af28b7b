import type { Folder, Project } from './store.js';

/** Deeper chains of references are not followed. */
const deepest = 10;

/**
 * Replaces `${KEY}`, `${env.KEY}` and `${env.folder.KEY}`. What does not exist stays as it is: the newest documentation
 * says so, and servers of 2024 were recorded to do so.
 */
export function expandReferences(value: string, folder: Folder, project: Project, depth = 0): string {
  if (depth >= deepest) return value;
  return value.replace(/\$\{([^}]+)\}/g, (literal, reference: string) => {
    const parts = reference.split('.');
    const key = parts.at(-1) ?? '';
    const target =
      parts.length === 1 ? folder : project.folder(parts[0] ?? '', `/${parts.slice(1, -1).join('/')}`);
    const secret = target?.secrets.get(key);
    if (target === undefined || secret === undefined || secret.value === value) return literal;
    return expandReferences(secret.value, target, project, depth + 1);
  });
}
