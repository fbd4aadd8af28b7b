import assert from 'node:assert/strict';
import { readExchanges, recordingsFolder, type Exchange } from '../../replay/recordings.js';
import { asking, groups } from './asking.js';

const body = { name: 'web', type: 'Vsts', variables: { A: { value: 'x' } } };
const changedAt = (answer: unknown): number => Date.parse((answer as { modifiedOn: string }).modifiedOn);
const dateOf = (date: unknown): number => Date.parse(String(date));

describe('the times of one service', () => {
  it('an answer has the date in whole seconds, by the clock that times of change are from', () => {
    let nowMs = Date.UTC(2026, 10, 24, 12, 0, 0, 990);
    return asking({ now: () => nowMs }, async ({ ask }) => {
      const read = await ask(`GET ${groups}`);
      nowMs += 710;
      const written = await ask(`POST ${groups}`, { body });

      assert.equal(read.headers.date, 'Tue, 24 Nov 2026 12:00:00 GMT');
      assert.equal(changedAt(written.body) - dateOf(read.headers.date), 1_700);
      assert.equal(written.headers.date, 'Tue, 24 Nov 2026 12:00:01 GMT');
    });
  });

  it('the clock of the date may be behind', () => {
    const nowMs = Date.UTC(2026, 10, 24, 12, 0, 1, 700);
    return asking({ now: () => nowMs, switches: { webClockBehindMs: 1_500 } }, async ({ ask }) => {
      const written = await ask(`POST ${groups}`, { body });

      assert.equal(changedAt(written.body) - dateOf(written.headers.date), 1_700);
    });
  });

  it('an edit by a person takes ten seconds, for both clocks', () => {
    const nowMs = Date.UTC(2026, 10, 24, 12, 0, 0, 0);
    return asking({ now: () => nowMs }, async ({ ado, ask }) => {
      await ask(`POST ${groups}`, { body });
      ado.editGroup('Shop', 'web', ({ variables }) => {
        variables.clear();
      });

      const read = await ask(`GET ${groups}/1`);

      assert.equal(changedAt(read.body), nowMs + 10_000);
      assert.equal(dateOf(read.headers.date), nowMs + 10_000);
    });
  });
});

describe('recorded times of dev.azure.com', () => {
  const folder = recordingsFolder('azure-devops');
  if (folder === undefined) return;

  it('a change is between nothing and two seconds after the date of the answer before it', () => {
    const exchanges = ['01-create-and-authorize', '04-rename-without-references', '05-add-plain-variable']
      .concat('06-add-secret-variable')
      .map((name) => readExchanges(folder, `vg-${name}`));

    const laters = exchanges.flatMap((scenario) =>
      scenario.flatMap((exchange, index) => laterOf(scenario[index - 1], exchange)),
    );

    assert.deepEqual(laters, [986, 1_700, 1_896, 530]);
  });
});

/** By how many milliseconds a write is later than the date of the answer before it. */
function laterOf(before: Exchange | undefined, { method, target, responseBody }: Exchange): number[] {
  const isWrite = (method === 'PUT' || method === 'POST') && target.includes('/variablegroups');
  if (before === undefined || !isWrite) return [];
  const { Date: date = before.responseHeaders['date'] } = before.responseHeaders;
  return [Math.round(changedAt(responseBody) - dateOf(date))];
}
