const isSource = (arg: string): boolean => arg.endsWith('.test.ts');
/** What these suites are about is reached by imports; all others look at the package or start compiled scripts. */
const needsNoPackage = /^(?:\.\/)?(?:tests\/(?:unit|integration|browser)|emulators)\//;

/** Whether the arguments of `npm test` name tests, and only such as run without the package. */
export function runFromSource(args: readonly string[]): boolean {
  const sources = args.filter(isSource);
  return sources.length > 0 && sources.every((path) => needsNoPackage.test(path));
}

/** The arguments with the compiled files of the sources that they name. */
export function compiled(args: readonly string[]): string[] {
  return args.map((arg) =>
    isSource(arg) ? `build/${arg.replace(/^\.\//, '').replace(/\.ts$/, '.js')}` : arg,
  );
}
