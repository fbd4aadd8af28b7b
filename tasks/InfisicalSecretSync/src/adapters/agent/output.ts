let isCorked = false;

/**
 * Writes a line for the agent. Lines of one turn go out together: a system call for each would cost more than making
 * them. Their order among each other and with everything else on standard output stays.
 */
export function writeLine(line: string): void {
  if (!isCorked) {
    isCorked = true;
    process.stdout.cork();
    process.nextTick(() => {
      isCorked = false;
      process.stdout.uncork();
    });
  }
  process.stdout.write(`${line}\n`);
}
