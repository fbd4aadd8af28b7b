/**
 * overview.md as it ships. The Marketplace shows it without the repository, so its links to other documents lead to the
 * place where these are published. Where there is none, they name the file.
 */
export function marketplacePage(overview: string, documents?: string): string {
  return overview.replace(/(?<!!)\[([^\]]+)\]\((?!https:|#)([^)]+)\)/g, (_, text: string, target: string) =>
    documents === undefined
      ? `${text} (${target.replace(/#.*/, '')})`
      : `[${text}](${documents.replace(/\/$/, '')}/${target})`,
  );
}
