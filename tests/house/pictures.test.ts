import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allPictures,
  fingerprint,
  madeFrom,
  recordFile,
  type Picture,
  type PictureRecord,
} from '../../scripts/pictures/pictures.js';

const root = process.cwd();
const record = JSON.parse(readFileSync(join(root, recordFile), 'utf8')) as PictureRecord;
const outdated = (pictures: readonly Picture[]): string[] =>
  pictures
    .filter((picture) => record[picture.file]?.madeFrom !== madeFrom(picture))
    .map(({ file }) => `${file} shows something else by now: npm run pictures`);

describe('the pictures of the Marketplace page and the README', () => {
  let pictures: Picture[] = [];
  before(async () => {
    pictures = await allPictures();
  });

  it('show what the form and a run of the demo look like now', () => {
    assert.deepEqual(outdated(pictures), []);
    assert.deepEqual(
      Object.keys(record),
      pictures.map(({ file }) => file),
    );
  });

  it('come out the same from another run of the demo', async () => {
    assert.deepEqual((await allPictures()).map(madeFrom), pictures.map(madeFrom));
  });

  it('are outdated by another text, size or state', () => {
    const changes: ((picture: Picture) => Picture)[] = [
      (picture) => ({ ...picture, html: picture.html.replace('shop-prod', 'shop-test') }),
      (picture) => ({ ...picture, width: picture.width + 1 }),
      (picture) => ({ ...picture, prepare: `${picture.prepare};` }),
    ];
    for (const change of changes) assert.equal(outdated(pictures.map(change)).length, pictures.length);
  });

  it('show no address, time or ID that differs from run to run', () => {
    const [first] = pictures;
    assert.ok(first);
    for (const strange of [
      'http://127.0.0.1:4000',
      '2026-11-25',
      '12:30:59',
      '7d1f6c1e-52f1-4f1c-9a0e-6d8c2b1a4e30',
    ])
      assert.throws(() => madeFrom({ ...first, html: `<p>${strange}</p>` }), /would show/);
  });

  it('show no value of a secret', () => {
    const values = /smtp-3Kd8|db-Pq71|pay-Hj27|old-Ty66|postgres:|BEGIN DEMO KEY/;

    assert.deepEqual(
      pictures.filter(({ html }) => values.test(html)).map(({ file }) => file),
      [],
    );
  });

  it('are those that were recorded, PNG, under 1 MB, sharp on fine screens', () => {
    for (const { file, width } of pictures) {
      const content = readFileSync(join(root, file));
      assert.equal(fingerprint(content), record[file]?.picture, `${file}: npm run pictures`);
      assert.equal(content.toString('latin1', 1, 4), 'PNG');
      assert.ok(content.length < 1_000_000);
      assert.ok(content.readUInt32BE(16) > 1.8 * width);
    }
  });
});
