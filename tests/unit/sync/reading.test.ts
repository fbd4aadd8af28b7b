import assert from 'node:assert/strict';
import type { Config } from '#task/config/config.js';
import { CancelledError, DestinationError, FolderMissingError, SourceError } from '#task/domain/errors.js';
import type { SourceListing } from '#task/domain/source.js';
import { readBoth } from '#task/sync/reading.js';
import { aConfig, aGroup, aListedSecret, anImport, aSchema, plainVariable } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';
import { aListing, MemoryGroup, MemoryHost, MemorySource } from '../../support/in-process.js';

const pipelineVariables = { kind: 'pipelineVariables', setAsOutput: false } as const;
const lines = 'first line\nother line';
const base64 = (text: string): string => Buffer.from(text).toString('base64').replaceAll('=', '');

async function read(
  listing: SourceListing | Error,
  rest: Partial<Config> = {},
  group: SourceListing | Error = aListing(),
) {
  const host = new MemoryHost();
  const store = new MemoryGroup(aGroup([plainVariable('A')]), new FakeClock());
  if (group instanceof Error) store.read = () => Promise.reject(group);
  const config = { ...aConfig(), ...rest };
  const [given, current] = await readBoth(config, { source: new MemorySource(listing), store, host });
  return { given, current, masked: new Set(host.masked), said: host.said };
}

describe('reading', () => {
  it('gives the listing and the destination, and masks before it ends', async () => {
    const listing = aListing(aListedSecret('A', 'value-a'));

    const { given, current, masked, said } = await read(listing);

    assert.equal(given, listing);
    assert.deepEqual([current.exists, current.version], [true, '1']);
    assert.deepEqual([...masked], ['value-a']);
    assert.deepEqual(said.slice(1), ['progress 10', 'masked']);
  });

  it('masks values of imports too, each of their lines, and nothing that Infisical withholds', async () => {
    const { masked } = await read({
      secrets: [aListedSecret('HIDDEN', '<hidden-by-infisical>', { hidden: true })],
      imports: [anImport('/shared', [aListedSecret('KEY', lines)])],
    });

    assert.deepEqual([...masked].sort(), ['first line', lines, 'other line']);
  });

  it('masks what stays in the job in the forms in which a job passes it on, of imports too', async () => {
    const { masked } = await read(
      {
        secrets: [aListedSecret('A', 'value-a')],
        imports: [anImport('/shared', [aListedSecret('KEY', lines)])],
      },
      { destination: pipelineVariables },
    );

    for (const form of ['value-a', base64('value-a'), lines, base64(lines), 'other line'])
      assert.ok(masked.has(form), form);
  });

  it('masks no other forms of what is written to a group', async () => {
    assert.equal((await read(aListing(aListedSecret('A', 'value-a')))).masked.has(base64('value-a')), false);
  });

  it('masks all that stays in the job but what its tag declares to be plain', async () => {
    const tagged = aListing(
      aListedSecret('PLAIN', 'value-p', { tags: ['web', 'plain'] }),
      aListedSecret('OTHER', 'value-o', { tags: ['web'] }),
      aListedSecret('NONE', 'value-n'),
    );
    const maskedWith = async (plainTag: string): Promise<string[]> => {
      const { settings } = aConfig({ settings: { plainTag } });
      const { masked } = await read(tagged, { settings, destination: pipelineVariables });
      return [...masked].filter((form) => form.startsWith('value-')).sort();
    };

    assert.deepEqual(await maskedWith('plain'), ['value-n', 'value-o']);
    assert.deepEqual(await maskedWith(''), ['value-n', 'value-o', 'value-p']);
  });

  it('takes a tag for no declaration where the name of the tag is empty', async () => {
    const listing = aListing(aListedSecret('A', 'value-a', { tags: [''] }));

    assert.ok((await read(listing, { destination: pipelineVariables })).masked.has('value-a'));
  });
});

describe('reading that fails', () => {
  const refused = new SourceError('Infisical said no.');
  const missing = new DestinationError('No such group.');
  const stopped = new CancelledError('Stopped.');
  const bug = new TypeError('a bug');

  it('fails with what failed, on either side', async () => {
    await assert.rejects(read(refused), refused);
    await assert.rejects(read(aListing(), {}, missing), missing);
  });

  it('says both when both sides said no', async () => {
    await assert.rejects(read(refused, {}, missing), (error: Error) => {
      assert.equal(error.message, 'Infisical said no.\nNo such group.');
      assert.deepEqual((error.cause as AggregateError).errors, [refused, missing]);
      return true;
    });
  });

  it('says only the first when it was stopped, or when one of them is a fault of the task', async () => {
    await assert.rejects(read(stopped, {}, stopped), stopped);
    await assert.rejects(read(refused, {}, bug), refused);
    await assert.rejects(read(bug, {}, missing), bug);
  });

  it('does without a folder that is gone only when what the sync owns is to be removed', async () => {
    const gone = new FolderMissingError('No such folder.');
    const narrow = { keySchema: aSchema('APP_{{secretKey}}') };
    const config = (settings: object) => ({ settings: aConfig({ settings }).settings });

    const { given } = await read(gone, config({ action: 'remove', ...narrow }));

    assert.deepEqual(given, { secrets: [], imports: [] });
    await assert.rejects(read(gone, config({ action: 'remove' })), gone);
    await assert.rejects(read(gone, config(narrow)), gone);
    await assert.rejects(read(refused, config({ action: 'remove', ...narrow })), refused);
  });
});
