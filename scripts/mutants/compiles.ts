import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../shared/paths.js';

/**
 * Answers whether a source compiles with other text in it: a mutant that does not, the compiler kills. Stryker's own
 * checker asks about every mutant before it is run, which takes longer than running them; here only survivors are asked.
 */
export function typeChecker(): (path: string, text: string) => boolean {
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')).config,
    ts.sys,
    root,
  );
  const changed = new Map<string, { text: string; version: number }>();
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames.filter((path) => path.includes('/src/')),
    getScriptVersion: (path) => String(changed.get(path)?.version ?? 0),
    getScriptSnapshot: (path) => {
      const text = changed.get(path)?.text ?? ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  return (path, text) => {
    const version = (changed.get(path)?.version ?? 0) + 1;
    changed.set(path, { text, version });
    const problems = [...service.getSyntacticDiagnostics(path), ...service.getSemanticDiagnostics(path)];
    changed.set(path, { text: ts.sys.readFile(path) ?? '', version: version + 1 });
    return problems.every(({ code }) => isUnused(code));
  };
}

/** A name that nobody uses any more is untidy, and runs. */
function isUnused(code: number): boolean {
  return code === 6133 || code === 6192 || code === 6196 || code === 6198;
}
