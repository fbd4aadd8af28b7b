/**
 * Stands for containerHandlerInvoker.js: in a container job the agent starts this script by `docker exec` and writes
 * to its stdin what to run. With system.debug its lines show every variable, secrets too, and rely on the masks.
 */
export const invokerScript = `
const { spawn } = require('node:child_process');
const say = (text) => process.stdout.write('##vso[task.debug]' + text + '\\n');
let text = '';
process.stdin.on('data', (chunk) => (text += chunk));
process.stdin.on('end', () => {
  const { handler, args, workDir, environment, prependPath } = JSON.parse(text);
  say('Handler: ' + handler);
  say('HandlerArg: ' + args);
  say('HandlerWorkDir: ' + workDir);
  for (const [name, value] of Object.entries(environment)) {
    say('Set env: ' + name + '=' + value.replace(/\\r/g, '%0D').replace(/\\n/g, '%0A'));
    process.env[name] = value;
  }
  if (prependPath) {
    process.env.PATH = prependPath + (process.env.PATH ? ':' + process.env.PATH : '');
    say('Prepend Path: ' + process.env.PATH);
  }
  process.env.TF_BUILD = 'True';
  say('Handler Setup Complete');
  spawn(handler, [args], { stdio: 'inherit', cwd: workDir }).on('exit', (code) => {
    say('Handler exit code: ' + code);
    if (code !== 0) process.exit(code ?? 1);
  });
});
`;

export function invokerInput(run: {
  handler: string;
  script: string;
  workDir: string;
  environment: Readonly<Record<string, string>>;
  prependPath: readonly string[];
}): string {
  const { handler, script, workDir, environment } = run;
  const prependPath = run.prependPath.toReversed().join(':');
  return JSON.stringify({ handler, args: script, workDir, environment, prependPath });
}
