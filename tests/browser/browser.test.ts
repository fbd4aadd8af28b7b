import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserFor } from '../../scripts/pictures/browser.js';

describe('a machine without a browser', () => {
  const before = { ...process.env };
  beforeEach(() => {
    process.env['CHROMIUM'] = '/nowhere/chromium';
    // This suite is not skipped, so its reason is none of the run's.
    process.env['SKIPPED_FILE'] = reasons;
  });
  afterEach(() => {
    for (const name of ['CHROMIUM', 'CI_PARTS', 'SKIPPED_FILE']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  });
  const reasons = join(mkdtempSync(join(tmpdir(), 'reasons-')), 'file');
  const context = {
    skip: () => {
      throw new Error('skipped');
    },
  } as unknown as Mocha.Context;

  it('skips tests that need one', async () => {
    Reflect.deleteProperty(process.env, 'CI_PARTS');

    await assert.rejects(browserFor(context), /^Error: skipped$/);
    assert.match(readFileSync(reasons, 'utf8'), /^1\tno Chromium is installed/);
  });

  it('fails where CI has to have it', async () => {
    process.env['CI_PARTS'] = 'required';

    await assert.rejects(browserFor(context), /No Chromium is installed/);
  });
});
