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
          'Infisical lists 25001 secrets, imported ones included; at most 25000 can be synced at once. Sync smaller folders, each by a step of its own.',
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
          'The values of "A" and "C" have more than 1048576 characters, which no variable can hold. Move them to a folder that is not synced.',
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
          'The values have 51002 lines together, of which "B" has 32001; at most 50000 can be masked in a job, each for itself. Move long texts to a folder that is not synced, or store them in base64.',
      },
    );
  });
});
