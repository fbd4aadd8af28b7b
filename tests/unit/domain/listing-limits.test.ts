import assert from 'node:assert/strict';
import { refuseTooMuch } from '#task/domain/listing-limits.js';
import { aListedSecret, anImport } from '../../support/builders.js';

const many = (count: number, value = 'v') =>
  Array.from({ length: count }, (_, index) => aListedSecret(`S${String(index)}`, value));

describe('refuseTooMuch', () => {
  it('takes as much as is allowed', () => {
    refuseTooMuch({ secrets: many(24_999), imports: [anImport('/i', many(1))] });
    refuseTooMuch({ secrets: [aListedSecret('A', 'x'.repeat(1_048_576))], imports: [] });
    refuseTooMuch({ secrets: [aListedSecret('A', 'x\n'.repeat(49_999))], imports: [] });
  });

  it('counts imported secrets, too', () => {
    assert.throws(
      () => {
        refuseTooMuch({ secrets: many(24_999), imports: [anImport('/i', many(2))] });
      },
      {
        name: 'SourceError',
        message:
          'Infisical returned 25001 secrets, including imported ones; one step can sync at most 25000. Sync smaller folders, each with its own step.',
      },
    );
  });

  it('names every value that is too long for anything', () => {
    const long = 'x'.repeat(1_048_577);

    assert.throws(
      () => {
        refuseTooMuch({
          secrets: [aListedSecret('A', long), aListedSecret('B')],
          imports: [anImport('/i', [aListedSecret('C', long)])],
        });
      },
      {
        name: 'SourceError',
        message:
          'The values of "A" and "C" have more than 1048576 characters, which is too long for any variable. Move these secrets to a folder that is not synced.',
      },
    );
  });

  it('names the value with the most lines, whatever ends them', () => {
    const secrets = [aListedSecret('A', 'x\r'.repeat(19_000)), aListedSecret('B', 'x\n'.repeat(32_000))];

    assert.throws(
      () => {
        refuseTooMuch({ secrets, imports: [] });
      },
      {
        name: 'SourceError',
        message:
          'All values together have 51002 lines; "B" alone has 32001. Each line is masked separately, and a job can mask at most 50000 lines. Move long texts to a folder that is not synced, or store them in base64.',
      },
    );
  });
});
