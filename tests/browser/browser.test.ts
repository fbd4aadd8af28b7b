import assert from 'node:assert/strict';
import { browserFor } from '../../scripts/pictures/browser.js';

describe('a machine without a browser', () => {
  const before = { ...process.env };
  beforeEach(() => {
    process.env['CHROMIUM'] = '/nowhere/chromium';
  });
  afterEach(() => {
    for (const name of ['CHROMIUM', 'CI_PARTS']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  });
  const context = {
    skip: () => {
      throw new Error('skipped');
    },
  } as unknown as Mocha.Context;

  it('skips tests that need one', async () => {
    Reflect.deleteProperty(process.env, 'CI_PARTS');

    await assert.rejects(browserFor(context), /^Error: skipped$/);
  });

  it('fails where CI has to have it', async () => {
    process.env['CI_PARTS'] = 'required';

    await assert.rejects(browserFor(context), /No Chromium is installed/);
  });
});
