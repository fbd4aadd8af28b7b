/**
 * Runs a command of package.json. What it returns is the exit code, nothing means 0; an error ends it with 1 and its
 * message, without a stack.
 */
export function runCommand(main: () => number | Promise<number> | Promise<void>): void {
  Promise.resolve()
    .then<unknown>(main)
    .then(
      (status) => {
        process.exitCode = typeof status === 'number' ? status : 0;
      },
      (error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
        process.exitCode = 1;
      },
    );
}
