import assert from 'node:assert/strict';
import type { History } from '../trouble/history-stage.js';
import { HistoryStage, keys, type Setup } from '../trouble/history-stage.js';

const setup: Setup = {
  schema: 'X_{{secretKey}}',
  clientSecret: keys[0],
  detectChanges: true,
  disableSecretDeletion: false,
  plainTag: '',
};

describe('a record and the clocks of the service', () => {
  let stage: HistoryStage;
  let history: History;
  before(async () => {
    stage = await HistoryStage.open();
  });
  beforeEach(() => {
    history = stage.begin();
    history.source.set('A', '1').set('B', '2');
  });
  after(() => stage.close());

  for (const skewMs of [9_000, -9_000]) {
    it(`that are ${String(skewMs)} ms apart: a first sync is no less done, though its record is of no use`, async () => {
      history.skew(skewMs);

      const first = await history.sync(setup);
      const writes = [history.writes];
      const second = await history.sync(setup);
      writes.push(history.writes);

      assert.deepEqual(
        [first?.status, first?.warnings, second?.status, second?.warnings],
        ['synced', [], 'synced', []],
      );
      assert.deepEqual(writes, [1, 1]);
      assert.deepEqual(
        second?.changes.map(({ because }) => because),
        ['group edited since the last sync', 'group edited since the last sync'],
      );
    });
  }

  for (const [skewMs, writeMs] of [
    [0, 10],
    [1_700, 1_000],
    [0, 3_800],
  ] as const) {
    it(`that are ${String(skewMs)} ms apart, with ${String(writeMs)} ms for a write: the record counts`, async () => {
      history.skew(skewMs);
      history.writeMs = writeMs;
      await history.sync(setup);
      history.pass(86_400_000);

      assert.equal((await history.sync(setup))?.status, 'unchanged');
    });
  }

  it('goes on without one where the service gives no time', async () => {
    stage.ado.switches.webClockBehindMs = Number.NaN;

    const report = await history.sync(setup);

    assert.equal(report?.status, 'synced');
    assert.doesNotMatch(history.group?.description ?? '', /infisical-sync-record/);
  });
});
