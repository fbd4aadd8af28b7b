import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const inTaskLib = /[/\\]node_modules[/\\]azure-pipelines-task-lib[/\\][^/\\]+$/;

/** What stands in the script for what is left out: whoever calls something of it gets a TypeError that names it. */
const leftOut: Record<string, string> = {
  minimatch: '',
  './toolrunner': '',
  './externaloutput': '',
  child_process: '',
  // Asked as task-lib loads, whether this Node is older than 4.2.
  semver: 'exports.lt = () => false;',
};

/**
 * Leaves out of task-lib what the task has no use for: running tools, searching files, texts in other languages than
 * English. It is CommonJS, so esbuild would keep all of it.
 */
export const taskLibInParts: Plugin = {
  name: 'task-lib-in-parts',
  setup: (build) => {
    build.onResolve(
      { filter: /^(?:minimatch|semver|child_process|\.\/toolrunner|\.\/externaloutput)$/ },
      (found) => (inTaskLib.test(found.importer) ? { path: found.path, namespace: 'left-out' } : undefined),
    );
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: leftOut[path] ?? '' }));
    build.onLoad({ filter: /[/\\]azure-pipelines-task-lib[/\\]lib-resource\.js$/ }, ({ path }) => {
      const { messages } = createRequire(path)(path) as { messages: unknown };
      return { contents: `exports.messages = ${JSON.stringify(messages)};` };
    });
  },
};
