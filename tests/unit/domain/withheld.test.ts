import assert from 'node:assert/strict';
import { refuseWithheld } from '#task/domain/completeness.js';
import type { DescribedListing, SourceListing } from '#task/domain/source.js';
import { aListedSecret, anImport } from '../../support/builders.js';

function refusal(listing: SourceListing, tags: string[] = [], described: DescribedListing = listing): string {
  try {
    refuseWithheld(listing, described, { tags });
    return '';
  } catch (error) {
    assert.equal((error as Error).name, 'SourceError');
    return (error as Error).message;
  }
}

const none = { secrets: [], imports: [] };
const tagged = (key: string, tags: string[]) => aListedSecret(key, 'v', { tags, hidden: true });

describe('a value that Infisical withholds', () => {
  it('stops the run when it says so, or when its text does, and nothing else', () => {
    assert.match(refusal({ ...none, secrets: [aListedSecret('A', '', { hidden: true })] }), /"A"/);
    assert.match(refusal({ ...none, secrets: [aListedSecret('A', '<hidden-by-infisical>')] }), /"A"/);
    for (const text of ['x<hidden-by-infisical>', '<hidden-by-infisical>x', ''])
      assert.equal(refusal({ ...none, secrets: [aListedSecret('A', text)] }), '');
  });

  it('stops nothing that its tags leave out', () => {
    const secrets = [tagged('A', ['x', 'web']), tagged('B', ['x']), aListedSecret('C', '', { hidden: true })];
    const imports = [anImport('/shared', [aListedSecret('D', '', { hidden: true })])];

    const message = refusal({ secrets, imports }, ['web', 'job']);

    assert.match(message, /"A"/);
    assert.doesNotMatch(message, /"[BCD]"/);
    assert.match(refusal({ secrets, imports }), /"A", "B", "C" and "D"/);
    assert.equal(refusal({ secrets: [tagged('B', ['x'])], imports }, ['web']), '');
  });

  it('is told once, by name, where it is described and not given', () => {
    const rows = ['B', 'A', 'B'].map((key) => aListedSecret(key));
    const described = { secrets: rows, imports: [anImport('/shared', [aListedSecret('A')])] };

    const message = refusal(none, [], described);

    assert.deepEqual(message.split('\n').slice(1), [
      '- "A" in "/"',
      '- "A" in the import "prod:/shared"',
      '- "B" in "/"',
    ]);
    assert.equal(refusal(described), '');
  });
});
