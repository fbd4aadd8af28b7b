import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MiniAgent } from '../../emulators/agent/mini-agent.js';

/** A variable as somebody sets it who may write secrets in Infisical, tags among them, and nothing else. */
export interface Given {
  value: string;
  isPlain?: boolean;
}

/** What makes a later step of the job do something that the pipeline does not ask for. */
export interface Attack {
  title: string;
  /** A program that has to be on this machine. */
  needs: string;
  variables: (mark: string) => Record<string, Given>;
  /** A harmless step. */
  step: (job: MiniAgent, folder: string) => Promise<unknown>;
  /** The message of the sync that refuses the names. */
  why: RegExp;
  /** The job's step of the sync is called so, and sets outputs. */
  asOutputOf?: string;
}

const plain = (values: Record<string, string>): Record<string, Given> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, isPlain: true }]));
const secret = (values: Record<string, string>): Record<string, Given> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
const script =
  (interpreter: string, text: string): Attack['step'] =>
  (job, folder) =>
    job.runScript({ script: text.replaceAll('FOLDER', folder), interpreter: [interpreter] });
const checkout: Attack['step'] = (job, folder) => job.runCheckout({ repository: folder });
const inNode = (mark: string): string =>
  `--import=data:text/javascript,import('node:fs').then((fs)=>fs.writeFileSync('${mark}',''))`;

export const attacks: readonly Attack[] = [
  {
    title: 'bash, with a dot',
    needs: 'bash',
    variables: (mark) => plain({ 'BASH.ENV': `$(touch ${mark})` }),
    step: script('bash', 'true'),
    why: /"BASH\.ENV": shells run what it says/,
  },
  {
    title: 'bash, with "=" in the name',
    needs: 'bash',
    variables: (mark) => plain({ 'BASH_ENV=X': `$(touch ${mark})` }),
    step: script('bash', 'true'),
    why: /"BASH_ENV=X": the name contains "="/,
  },
  {
    title: 'Node.js, with a blank',
    needs: 'node',
    variables: (mark) => plain({ 'Node Options': inNode(mark) }),
    step: script('node', ''),
    why: /"Node Options": Node\.js runs what it says/,
  },
  {
    title: 'Node.js, with the name of the step before the name',
    needs: 'node',
    variables: (mark) => plain({ OPTIONS: inNode(mark) }),
    step: script('node', ''),
    why: /"OPTIONS": as an output variable of this step its name is "node\.OPTIONS"; Node\.js runs what it says/,
    asOutputOf: 'node',
  },
  {
    title: 'a script that prints its environment, with a value that is a command',
    needs: 'node',
    variables: (mark) => plain({ REGION: `##vso[task.setvariable variable=NODE_OPTIONS]${inNode(mark)}` }),
    step: async (job, folder) => {
      await script('sh', 'env')(job, folder);
      await script('node', '')(job, folder);
    },
    why: /"REGION": the value contains a logging command of the agent/,
  },
  {
    title: 'Git, in a script',
    needs: 'git',
    variables: (mark) =>
      plain({
        'GIT.CONFIG.COUNT': '1',
        'git config key 0': 'core.fsmonitor',
        GIT_CONFIG_VALUE_0: `touch ${mark}; false`,
      }),
    step: script('sh', 'git -C FOLDER status'),
    why: /"GIT\.CONFIG\.COUNT": Git runs what it says/,
  },
  {
    title: 'Git, for the connection to a server',
    needs: 'git',
    variables: (mark) => plain({ 'GIT SSH.COMMAND': `touch ${mark}; false` }),
    step: script('sh', 'git ls-remote ssh://localhost/repository'),
    why: /"GIT SSH\.COMMAND": Git runs what it says/,
  },
  {
    title: 'Git, with secrets, in the checkout',
    needs: 'git',
    variables: (mark) =>
      secret({
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'core.fsmonitor',
        GIT_CONFIG_VALUE_0: `touch ${mark}; false`,
      }),
    step: checkout,
    why: /"GIT_CONFIG_COUNT": Git runs what it says, and the checkout step also passes secret variables to Git/,
  },
  {
    title: 'Git, with secrets that name another home, in the checkout',
    needs: 'git',
    variables: () => secret({ 'XDG.CONFIG.HOME': 'FOLDER/config' }),
    step: checkout,
    why: /"XDG\.CONFIG\.HOME": programs look there for their settings/,
  },
  {
    title: 'Perl',
    needs: 'perl',
    variables: (mark) => plain({ Perl5opt: `-Mbase;open(F,q(>),q(${mark}))` }),
    step: script('perl', '1;'),
    why: /"Perl5opt": an interpreter runs what it says/,
  },
  {
    title: 'Python, without a file of the attacker',
    needs: 'python3',
    variables: (mark) =>
      plain({
        PYTHONWARNINGS: 'all:0:antigravity.x:0:0',
        BROWSER: `/bin/sh -c 'touch ${mark}' #%s`,
      }),
    step: script('python3', ''),
    why: /"BROWSER": shells and tools run what it says.*"PYTHONWARNINGS": Python/s,
  },
  {
    title: 'npm',
    needs: 'npm',
    variables: (mark) => plain({ 'npm_config.node.options': inNode(mark) }),
    step: script('sh', 'cd FOLDER && npm run nothing'),
    why: /"npm_config\.node\.options": npm, Yarn or pnpm takes it for a setting/,
  },
  {
    title: 'make',
    needs: 'make',
    variables: (mark) => plain({ MAKEFLAGS: `--eval=$(shell touch ${mark})`, SHELL: '/bin/sh' }),
    step: script('sh', 'make -n'),
    why: /"MAKEFLAGS": compilers and build tools run what it says/,
  },
  {
    title: 'tar',
    needs: 'tar',
    variables: (mark) => plain({ 'TAR.OPTIONS': `--checkpoint=1 --checkpoint-action=exec=touch$IFS${mark}` }),
    step: script('sh', 'cd FOLDER && tar cf ../packed.tar .'),
    why: /"TAR\.OPTIONS": the tool runs or loads what it says/,
  },
  {
    title: 'Java, which writes where it is told',
    needs: 'java',
    variables: (mark) => plain({ 'Java.Tool.Options': `-Xlog:gc:file=${mark}` }),
    step: script('sh', 'java -version'),
    why: /"Java\.Tool\.Options": Java runs what it says/,
  },
];

/** A repository with one commit, which is a package, too, and has a hook that nobody has asked for yet. */
export function aRepository(folder: string, mark: string): void {
  mkdirSync(join(folder, 'config/git'), { recursive: true });
  mkdirSync(join(folder, 'hooks'));
  writeFileSync(join(folder, 'config/git/config'), `[core]\n\tfsmonitor = touch ${mark}; false\n`);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { nothing: 'node -e ""' } }));
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  for (const words of [['init'], ['add', '.'], [...who, 'commit', '-m', 'first']])
    spawnSync('git', ['-C', folder, ...words], { stdio: 'ignore' });
}

export function isHere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}
