import assert from 'node:assert/strict';
import { recordKeyName, reservedSecret, withoutReserved } from '#task/domain/record/reserved.js';
import type { ListedSecret } from '#task/domain/source.js';
import { aListedSecret, anImport } from '../../../support/builders.js';

const key = (rest: Partial<ListedSecret> = {}, value = 'the key'): ListedSecret =>
  aListedSecret(recordKeyName, value, rest);

describe('the key of records', () => {
  it('has the name that the documents say', () => {
    assert.equal(recordKeyName, 'SECRET_SYNC_RECORD_KEY');
  });

  it('is never synced, in whatever case and wherever it lies', () => {
    const ordinary = aListedSecret('A');
    const rows = [key(), aListedSecret('secret_sync_record_KEY'), key({ path: '/api' }), ordinary];

    const { secrets, imports } = withoutReserved({
      secrets: rows,
      imports: [anImport('/shared', rows)],
    });

    assert.deepEqual([secrets, imports], [[ordinary], [anImport('/shared', [ordinary])]]);
  });

  it('is the secret of that name in the synced folder itself', () => {
    const rows = [aListedSecret('A', 'no', { path: '/api' }), key({}, 'root'), key({ path: '/api' }, 'api')];
    const found = (path: string): string | undefined =>
      reservedSecret({ secrets: rows, imports: [] }, path)?.reveal();

    assert.deepEqual([found('/'), found('/api'), found('/other')], ['root', 'api', undefined]);
  });

  it('is none where Infisical withholds it', () => {
    assert.equal(reservedSecret({ secrets: [key({ hidden: true })], imports: [] }, '/'), undefined);
  });
});
