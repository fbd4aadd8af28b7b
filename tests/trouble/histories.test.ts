import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { marksIn } from '#task/domain/mark.js';
import { recordsIn } from '#task/domain/record/line.js';
import type { StoredGroup, StoredVariable } from '../../emulators/azure-devops/group-store.js';
import { isThorough, seed } from '../support/thorough.js';
import { keys, HistoryStage, type History, type Mishap, type Setup } from './history-stage.js';
import { step, type Edit, type Step } from './history-steps.js';

const firstSetup: Setup = {
  schema: 'X_{{secretKey}}',
  clientSecret: keys[0],
  detectChanges: true,
  disableSecretDeletion: false,
  plainTag: '',
};

describe('histories of a group', () => {
  let stage: HistoryStage;
  const tally = { runs: 0, nothing: 0, outside: 0, edits: 0 };
  before(async () => {
    stage = await HistoryStage.open();
  });
  after(async () => {
    await stage.close();
    console.log(
      `      ${String(tally.runs)} runs, ${String(tally.nothing)} of them wrote nothing; ` +
        `${String(tally.edits)} edits by hand, ${String(tally.outside)} of them moved out of the window`,
    );
  });

  it('whatever happened, what a run calls done is what Infisical gives, and a run right after it writes nothing', function () {
    this.timeout(600_000);
    return fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const history = stage.begin();
        const play = new Play(history, stage.begin());
        history.source.set('A', '1').set('B', '2');
        await play.sync('none');
        for (const one of steps) await play.step(one);
        await play.sync('none');
        tally.runs += play.runs;
        tally.nothing += play.nothing;
        tally.edits += play.edits;
        tally.outside += history.unnoticed;
      }),
      { numRuns: isThorough ? 3_000 : 400, seed },
    );
  });
});

/** One history, and what has to hold after each of its runs. */
class Play {
  runs = 0;
  nothing = 0;
  edits = 0;
  readonly #history: History;
  readonly #other: History;
  #setup = firstSetup;
  #clocksAgree = true;
  #page: StoredGroup | undefined;

  constructor(history: History, other: History) {
    this.#history = history;
    this.#other = other;
  }

  async step(one: Step): Promise<void> {
    switch (one.what) {
      case 'sync':
        return this.sync(one.mishap);
      case 'sync twice':
        await this.sync('none');
        return this.sync('none');
      case 'theirs':
        await this.#history.sync({ ...this.#setup, schema: 'Z_{{secretKey}}' }, 'none', 'theirs');
        return;
      case 'set up':
        this.#setup = { ...this.#setup, ...one.change };
        return;
      case 'set':
        this.#history.source.set(one.key, one.value);
        return;
      case 'unset':
        if (this.#history.source.size > 1) this.#history.source.delete(one.key);
        return;
      case 'edit':
        return this.#edit(one);
      case 'pass':
        this.#history.pass(one.ms);
        return;
      case 'clocks':
        this.#history.skew(one.skewMs);
        this.#history.writeMs = one.writeMs;
        this.#clocksAgree = one.skewMs >= 0 && one.skewMs + one.writeMs <= 3_500;
    }
  }

  /** Both laws. */
  async sync(mishap: Mishap): Promise<void> {
    const history = this.#history;
    const report = await history.sync(this.#setup, mishap);
    this.runs += 1;
    if (report === undefined) return;
    if (history.writes === 0) this.nothing += 1;
    this.#page = structuredClone(history.group);
    assert.deepEqual(this.#stored(), this.#wanted());
    assert.equal(report.status, history.writes === 0 ? 'unchanged' : 'synced');
    if (mishap === 'none' && this.#isRemembered()) {
      const again = await history.sync(this.#setup);
      this.runs += 1;
      assert.deepEqual([again?.status, again?.hasChanges, history.writes], ['unchanged', false, 0]);
    }
  }

  /** What Infisical gives, as it has to be there; what was emptied and may not be is left out. */
  #wanted(): [string, string, boolean][] {
    return [...this.#history.source]
      .filter(([, text]) => text !== '')
      .map(([key, text]): [string, string, boolean] => [
        this.#nameOf(key),
        text,
        !(this.#setup.plainTag === 'plain' && key === 'P'),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #stored(): [string, string | null, boolean][] {
    const names = new Set(this.#wanted().map(([name]) => name));
    return [...(this.#history.group?.variables ?? [])]
      .filter(([name]) => names.has(name))
      .map(([name, { value: text, isSecret }]): [string, string | null, boolean] => [name, text, isSecret])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #nameOf(key: string): string {
    return this.#setup.schema === '' ? key : this.#setup.schema.replace('{{secretKey}}', key);
  }

  /** Whether this run can have left a record that counts: wanted, alone in its group, with room, clocks that agree. */
  #isRemembered(): boolean {
    const { description = '' } = this.#history.group ?? {};
    const isAlone = marksIn(description).length === 1;
    const isThere = recordsIn(description, 'ours').length === 1;
    return this.#setup.detectChanges && isAlone && isThere && this.#clocksAgree;
  }

  async #edit({ how, key, value: text, afterMs: ms }: Extract<Step, { what: 'edit' }>): Promise<void> {
    const page = this.#page;
    const name = this.#nameOf(key);
    if (how === 'the record of another group') {
      this.#other.source.clear();
      for (const [one, its] of this.#history.source) this.#other.source.set(one, its);
      await this.#other.sync(this.#setup);
    }
    const foreign = recordLine(this.#other.group?.description);
    this.edits += 1;
    this.#history.edit((group) => {
      const line = recordLine(group.description);
      const replaceLine = (by: string): void => {
        group.description = (group.description ?? '').replace(line, () => by);
      };
      const change: Record<Edit, () => unknown> = {
        'a secret': () => group.variables.set(name, secret(`hand ${text}`)),
        'a secret becomes plain': () => group.variables.set(name, { ...secret(text), isSecret: false }),
        'a variable goes': () => group.variables.size > 1 && group.variables.delete(name),
        'a variable of somebody else comes': () => group.variables.set(`HAND_${key}`, secret('hand')),
        'an old page is saved': () => {
          if (page === undefined) return;
          group.description = page.description;
          group.variables.set(name, secret(`hand ${text}`));
        },
        'the record goes': () => {
          replaceLine('');
        },
        'the record is cut': () => {
          replaceLine(`${line.slice(0, -6)}]`);
        },
        'the record of another group': () => {
          if (foreign !== '') replaceLine(foreign);
          group.variables.set(name, secret(`hand ${text}`));
        },
        'the record of another sync': () => {
          replaceLine(line.replace('record: ours', 'record: theirs'));
        },
        'another time': () => {
          replaceLine(
            line.replace(
              / (\d{10}) /,
              (_, time: string) => ` ${String(Number(time) + Math.floor(ms / 1_000))} `,
            ),
          );
          group.variables.set(name, secret(`hand ${text}`));
        },
        'a long description': () => {
          group.description = `${'x'.repeat(900)}\n${group.description ?? ''}`.slice(0, 1_000);
        },
      };
      change[how]();
    }, ms);
  }
}

function recordLine(description = ''): string {
  return /\[infisical-sync-record: ours [^\]]*\]/.exec(description)?.[0] ?? '';
}

function secret(value: string): StoredVariable {
  return { value, isSecret: true, isReadOnly: false, extra: {} };
}
