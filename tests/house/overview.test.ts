import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument } from '../support/markdown.js';
import { readDefinition } from '../../emulators/agent/task-definition.js';
import { marketplacePage } from '../../scripts/package/marketplace-page.js';

/** overview.md is read on the Marketplace, where there is nothing of this repository but what the package holds. */
describe('the page on the Marketplace', () => {
  const page = readDocument('overview.md');
  const text = readFileSync('overview.md', 'utf8');
  const task = readDefinition('tasks/InfisicalSecretSync');
  const { files } = JSON.parse(readFileSync('vss-extension.json', 'utf8')) as {
    files: { path: string; addressable?: boolean }[];
  };

  const isReachable = (link: string): boolean => /^(?:https:\/\/|#)/.test(link);

  it('links, as it ships, to addresses in the web and to its own headings only', () => {
    const shipped = readDocument('dist/unpacked/overview.md');

    assert.ok(page.links.some((link) => !isReachable(link)));
    assert.deepEqual(
      shipped.links.filter((link) => !isReachable(link)),
      [],
    );
    assert.deepEqual(shipped.images, page.images);
  });

  it('leads to the documents where they are published', () => {
    const published = marketplacePage(text, 'https://docs.invalid/1/');

    assert.equal(
      published.match(/\]\(https:\/\/docs\.invalid\/1\/docs\/[\w/-]+\.md(?:#[\w-]+)?\)/g)?.length,
      page.links.filter((link) => !isReachable(link)).length,
    );
  });

  it('is read in a few minutes: at most 1,950 words beside its YAML', () => {
    const prose = text.replace(/```[^]*?```/g, '');
    const words = prose.split(/\s+/).filter((word) => /\w/.test(word)).length;

    assert.ok(words <= 1950, String(words));
  });

  it('begins with the run summary, and shows log, group and form', () => {
    assert.deepEqual(page.images, [
      'images/summary.png',
      'images/log.png',
      'images/variable-group.png',
      'images/form.png',
    ]);
  });

  it('shows pictures that are in the package and have an address there', () => {
    const addressable = files.filter((file) => file.addressable === true).map(({ path }) => path);

    assert.deepEqual(
      page.images.filter(
        (image) => !addressable.includes(image) || !existsSync(join('dist/unpacked', image)),
      ),
      [],
    );
  });

  it('shows PNG only: the Marketplace takes no SVG', () => {
    for (const image of page.images) assert.equal(readFileSync(image).toString('latin1', 1, 4), 'PNG', image);
    assert.doesNotMatch(text, /\.svg|<(?:svg|img|script|style|iframe)\b/i);
  });

  it('says what each picture shows, for whoever does not see it', () => {
    assert.equal([...text.matchAll(/!\[[^\]]{40,}\]/g)].length, page.images.length);
  });

  it('names every output variable', () => {
    assert.deepEqual(
      (task.outputVariables ?? []).filter(({ name }) => !text.includes(`\`${name}\``)),
      [],
    );
  });

  it('tells what is new in the version that it comes with', () => {
    const { version } = JSON.parse(readFileSync('vss-extension.json', 'utf8')) as { version: string };

    assert.ok(text.slice(text.indexOf("## What's new")).includes(`**${version}**`));
  });

  it('says that it knows no telemetry, whose trademarks these are, and what license it has', () => {
    assert.match(text, /^## Privacy\n\n\*\*No telemetry\.\*\*/m);
    assert.match(text, /trademark.*\n?.*not affiliated with/);
    assert.match(text, /^License: MIT/m);
  });
});

describe('the manifest', () => {
  const manifest = JSON.parse(readFileSync('vss-extension.json', 'utf8')) as Record<string, unknown>;

  it('has what the Marketplace shows', () => {
    const { description, categories, tags, content, icons } = manifest;

    assert.ok(String(description).length <= 200);
    assert.deepEqual(categories, ['Azure Pipelines']);
    assert.ok(Array.isArray(tags) && tags.length >= 5);
    assert.deepEqual(content, { details: { path: 'overview.md' }, license: { path: 'license.md' } });
    assert.deepEqual(icons, { default: 'images/icon.png' });
    assert.deepEqual(manifest['CustomerQnASupport'], { enableMarketplaceQnA: true });
  });

  it('names no address, because there is none yet, and asks for no rights', () => {
    for (const field of ['links', 'repository', 'badges', 'scopes']) assert.equal(manifest[field], undefined);
  });

  it('is private until somebody packs it as public', () => {
    assert.equal(manifest['public'], undefined);
    assert.equal(manifest['galleryFlags'], undefined);
  });

  it('brings its license along', () => {
    assert.equal(readFileSync('dist/unpacked/license.md', 'utf8'), readFileSync('LICENSE', 'utf8'));
  });
});
