import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withAgent } from './bench.js';

describe('an agent', () => {
  for (const [version, expected] of [
    ['3.232.1', 'variable'],
    ['4.276.9', 'variable'],
    ['5.276.0', 'variable'],
    ['5.277.0', 'given'],
    ['6.0.0', 'given'],
  ] as const) {
    it(`of ${version} hands a task the ${expected === 'given' ? 'input' : 'variable'} of two that meet`, async () => {
      const step = await withAgent(
        { script: `say('got ' + env.INPUT_TEXT + ' from ' + env.AGENT_VERSION)` },
        { version, variables: { INPUT_TEXT: 'variable' } },
        (agent) => agent.runStep({ inputs: { text: 'given' } }),
      );

      assert.match(step.log, new RegExp(`^got ${expected} from ${version}$`, 'm'));
    });
  }
});

describe('the checkout', () => {
  it('hands Git every variable by name, secret ones too', async () => {
    const repository = mkdtempSync(join(tmpdir(), 'repository-'));
    const git = (...words: string[]): void => {
      execFileSync('git', ['-C', repository, ...words], { stdio: 'ignore' });
    };
    git('init');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--allow-empty', '-m', 'first');
    const hook = '#!/bin/sh\necho "hook $MY_PUBLIC ${#MY_SECRET} [$SECRET_MY_SECRET] $GIT_LFS_SKIP_SMUDGE"\n';
    writeFileSync(join(repository, '.git/hooks/post-checkout'), hook, { mode: 0o755 });

    const step = await withAgent(
      { script: '' },
      { variables: { 'my.public': 'one', 'My Secret': { value: 'two-secret', isSecret: true } } },
      (agent) => agent.runCheckout({ repository }),
    );
    rmSync(repository, { recursive: true });

    assert.match(step.log, /^hook one 10 \[\] 1$/m);
  });
});

describe('a script', () => {
  it('of another interpreter sees the same', async () => {
    const step = await withAgent({ script: '' }, { variables: { 'in.message': 'zero' } }, (agent) =>
      agent.runScript({ script: 'echo "$IN_MESSAGE $(in.message) $0"', interpreter: ['sh', '-e'] }),
    );

    assert.match(step.log, /^zero zero \/.+/m);
  });
});
