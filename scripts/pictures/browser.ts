import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { skip } from '../../emulators/on-demand/skip.js';

/** A browser of the system: none is downloaded. */
function findBrowser(): string | undefined {
  const given = process.env['CHROMIUM'];
  const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return (given === undefined ? usual : [given]).find((path) => existsSync(path));
}

/** It talks to nobody by itself, and forgets everything: playwright gives each a new profile. */
const quiet = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** @throws Error where there is no browser */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined)
    throw new Error('No Chromium is installed (apt-get install chromium), and CHROMIUM names none.');
  return chromium.launch({ executablePath, args: quiet });
}

/** For `before`: skips all tests of a suite where there is no browser, unless CI says that there has to be one. */
export async function browserFor(context: Mocha.Context): Promise<Browser> {
  if (findBrowser() === undefined && process.env['CI_PARTS'] !== 'required') {
    skip(context, 'no Chromium is installed (apt-get install chromium)');
  }
  return startBrowser();
}
