import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { startBrowser } from './pictures/browser.js';
import { packageExtension } from './package/extension.js';
import { root } from './shared/paths.js';
import {
  allPictures,
  fingerprint,
  madeFrom,
  recordFile,
  type Picture,
  type PictureRecord,
} from './pictures/pictures.js';
import { runCommand } from './shared/run-command.js';

/**
 * `npm run pictures`: the pictures of the Marketplace page and of the README, from the real form and a real run of the demo. They look
 * best where the fonts of Azure DevOps, or Open Sans, and coloured emoji are installed.
 */
async function main(): Promise<void> {
  await packageExtension();
  const pictures = await allPictures();
  const record: PictureRecord = {};
  const browser = await startBrowser();
  try {
    for (const picture of pictures) {
      const path = join(root, picture.file);
      await takePicture(browser, picture, path);
      const content = readFileSync(path);
      record[picture.file] = { madeFrom: madeFrom(picture), picture: fingerprint(content) };
      console.log(`Wrote ${picture.file} (${String(Math.round(content.length / 1000))} kB).`);
    }
  } finally {
    await browser.close();
  }
  writeFileSync(join(root, recordFile), `${JSON.stringify(record, undefined, 2)}\n`);
}

async function takePicture(browser: Browser, picture: Picture, path: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'picture-'));
  try {
    const file = join(folder, 'page.html');
    writeFileSync(file, picture.html);
    const viewport = { width: picture.width, height: 800 };
    const page = await browser.newPage({ viewport, deviceScaleFactor: 2, colorScheme: 'light' });
    await page.goto(pathToFileURL(file).href);
    await page.evaluate(picture.prepare);
    await page.locator(picture.element).first().screenshot({ path });
    await page.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

runCommand(main);
