/** What a person sees when a run stops on purpose: what failed, on which named thing, what to do. */
export class SyncError extends Error {
  override readonly name: string = 'SyncError';
}

/** The inputs are wrong. Carries every problem at once. */
export class ConfigError extends SyncError {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(listed('Fix these inputs:', problems));
    this.problems = problems;
  }
}

/** Secrets that can't become variables of the destination, or would meet in one variable. */
export class NamingError extends SyncError {
  override readonly name = 'NamingError';

  constructor(problems: readonly string[]) {
    super(
      listed(
        'These secrets cannot become variables. Rename or shorten them in Infisical, or use keySchema or tags to avoid them:',
        problems,
      ),
    );
  }
}

/** Infisical said no, or said something that must not be written. */
export class SourceError extends SyncError {
  override readonly name = 'SourceError';
}

/** The folder, or its environment, is not there (any more). */
export class FolderMissingError extends SourceError {}

/** Azure DevOps said no, or the destination is not one that may be written. */
export class DestinationError extends SyncError {
  override readonly name = 'DestinationError';
}

/** The plan has deletions that nobody agreed to. */
export class UnsafePlanError extends SyncError {
  override readonly name = 'UnsafePlanError';
}

/** The agent asked the step to stop. */
export class CancelledError extends SyncError {
  override readonly name = 'CancelledError';
}

/** More than this nobody reads in a message. */
const mostItems = 200;

/** A message with what a person may search for, such as a status; below it where it ends in lines to paste. */
export function withFacts(message: string, facts: string): string {
  return `${message}${message.includes('\n') ? '\n' : ' '}(${facts})`;
}

/** A heading and one line for each item; where there are very many, how many more. */
export function listed(heading: string, items: readonly string[]): string {
  const more = items.length - mostItems;
  return [
    heading,
    ...items.slice(0, mostItems).map((item) => `- ${item}`),
    ...(more > 0 ? [`- and ${String(more)} more`] : []),
  ].join('\n');
}
