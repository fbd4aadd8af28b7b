import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { formPage, readTask } from '../../scripts/form/page-file.js';
import { taskFieldId } from '../../scripts/form/page-data.js';
import { browserFor } from '../../scripts/pictures/browser.js';

/** The page as `npm run form` writes it, opened from a file; it must neither ask anybody nor complain. */
export class FormPage {
  readonly page: Page;
  readonly #file: string;
  readonly #troubles: string[] = [];

  private constructor(page: Page, file: string) {
    this.page = page;
    this.#file = file;
    page.on('request', (request) => {
      if (!/^(?:file|data):/.test(request.url())) this.#troubles.push(`asked for ${request.url()}`);
    });
    page.on('console', (message) => this.#troubles.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => this.#troubles.push(`error: ${error.message}`));
  }

  static async in(browser: Browser, file: string): Promise<FormPage> {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    return new FormPage(await context.newPage(), file);
  }

  /** Loads it anew. */
  async open(look: { colorScheme?: 'light' | 'dark'; width?: number; height?: number } = {}): Promise<Page> {
    const { colorScheme = 'light', width = 1200, height = 900 } = look;
    await this.page.emulateMedia({ colorScheme });
    await this.page.setViewportSize({ width, height });
    await this.page.goto(pathToFileURL(this.#file).href);
    return this.page;
  }

  /** Opens all groups. */
  async openGroups(): Promise<void> {
    await this.page.evaluate(`for (const group of document.querySelectorAll('details')) group.open = true`);
  }

  /** Fails if it asked for anything or complained. */
  assertQuiet(): void {
    assert.deepEqual(this.#troubles.splice(0), []);
  }

  /** Fills inputs of the task by their names, each in its own way. */
  async fill(values: Readonly<Record<string, string | boolean>>): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      const field = this.page.locator(`#${taskFieldId(name)}`);
      if (typeof value === 'boolean') await field.setChecked(value);
      else if (isClosedList(name)) await field.selectOption(value);
      else await field.fill(value);
    }
  }

  async yaml(): Promise<string> {
    return (await this.page.locator('#yaml').textContent()) ?? '';
  }

  /** IDs of the fields that are there for a person, within open and closed groups. */
  async shownRows(form: 'task' | 'connection'): Promise<string[]> {
    return this.page.evaluate<string[]>(
      `[...document.querySelectorAll('#${form}-form .field')]
        .filter((row) => row.closest('[hidden]') === null).map((row) => row.id.replace(/-row$/, ''))`,
    );
  }

  /** Presses Tab until a field has the focus, as somebody without a mouse does. */
  async tabTo(id: string): Promise<void> {
    for (let presses = 0; presses < 150; presses += 1) {
      if ((await this.page.evaluate<string>('document.activeElement.id')) === id) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reaches #${id}.`);
  }
}

function isClosedList(name: string): boolean {
  const input = readTask().inputs.find((candidate) => candidate.name === name);
  assert.ok(input, name);
  return input.options !== undefined && input.properties?.['EditableOptions'] !== 'True';
}

/** The page in a file of its own. */
async function writeFormPage(): Promise<{ file: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'form-'));
  const file = join(folder, 'form.html');
  writeFileSync(file, await formPage());
  return {
    file,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

/** For a suite: one browser and one page file for all its tests, each of which has to leave the page quiet. */
export function usesForm(): () => FormPage {
  let browser: Browser | undefined;
  let written: Awaited<ReturnType<typeof writeFormPage>> | undefined;
  let form: FormPage;
  before(async function () {
    browser = await browserFor(this);
    written = await writeFormPage();
    form = await FormPage.in(browser, written.file);
  });
  after(async () => {
    written?.remove();
    await browser?.close();
  });
  afterEach(() => {
    form.assertQuiet();
  });
  return () => form;
}
