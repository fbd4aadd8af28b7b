import { join } from 'node:path';
import { root } from './paths.js';
import { binOf, runNode } from './run-node.js';

const checks: [name: string, args: string[]][] = [
  ['format', [binOf('prettier'), '--check', '--log-level', 'warn', root]],
  ['lint', [binOf('eslint'), root]],
  ['tests and coverage', [binOf('tsx'), join(root, 'scripts/test.ts'), '--coverage', '--reporter', 'dot']],
];

/** `npm run check`: everything that must hold before a commit; stops at the first that does not. */
for (const [name, args] of checks) {
  console.log(`── ${name}`);
  if (runNode(args).status !== 0) {
    console.error(`── ${name}: failed`);
    process.exitCode = 1;
    break;
  }
  console.log(`── ${name}: passed`);
}
