import { join } from 'node:path';
import { root } from './shared/paths.js';
import { binOf, runNode } from './shared/run-node.js';
import { runCommand } from './shared/run-command.js';

const checks: [name: string, args: string[]][] = [
  ['format', [binOf('prettier'), '--check', '--log-level', 'warn', root]],
  ['lint', [binOf('eslint'), root]],
  ['tests and coverage', [binOf('tsx'), join(root, 'scripts/test.ts'), '--coverage', '--reporter', 'dot']],
];

/** `npm run check`: everything that must hold before a commit; stops at the first that does not. */
function main(): number {
  for (const [name, args] of checks) {
    console.log(`── ${name}`);
    const { status } = runNode(args);
    console.log(`── ${name}: ${status === 0 ? 'passed' : 'failed'}`);
    if (status !== 0) return status;
  }
  return 0;
}

runCommand(main);
