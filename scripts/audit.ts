import { audit, type Verdict } from './audit/registry.js';
import { runCommand } from './shared/run-command.js';

/**
 * `npm run audit`: known vulnerabilities, as far as the registry tells. Ends with 0 when it knows none of what is
 * installed for the task to run, with 1 when it knows one, and with 2 when it could not be asked. What only builds and
 * tests is reported, too, but fails nothing.
 */
async function main(): Promise<number> {
  const [needed, all] = await Promise.all([audit(false), audit(true)]);
  report('what the task needs', needed);
  report('that and the tools', all);
  return { clean: 0, found: 1, 'not checked': 2 }[needed.kind];
}

function report(what: string, verdict: Verdict): void {
  switch (verdict.kind) {
    case 'clean':
      console.log(`Known vulnerabilities of ${what}: none.`);
      break;
    case 'found':
      console.log(`Known vulnerabilities of ${what}:\n${verdict.advisories.join('\n')}`);
      break;
    case 'not checked':
      console.log(`Known vulnerabilities of ${what}: NOT CHECKED (${verdict.why}).`);
  }
}

runCommand(main);
