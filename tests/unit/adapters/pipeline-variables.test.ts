import assert from 'node:assert/strict';
import {
  RunVariableStore,
  type RunVariables,
  type RunVariableStoreParts,
} from '#task/adapters/agent/run-variable-store.js';
import type { DesiredVariable } from '#task/domain/desired.js';
import { planDestination } from '#task/domain/destination-plan.js';
import { settings, wanted } from '../../support/builders.js';
import { FakeClock } from '../../support/fake-clock.js';

const multilineSwitch = 'SYSTEM_UNSAFEALLOWMULTILINESECRET';

const aStore = (parts: Partial<RunVariableStoreParts>): RunVariableStore => {
  const agent: RunVariables = { decodesPercents: true, variable: () => '', setVariable: () => undefined };
  return new RunVariableStore({
    agent,
    clock: new FakeClock(),
    setAsOutput: false,
    origin: undefined,
    ...parts,
  });
};

async function set(
  variables: DesiredVariable[],
  options: { setAsOutput?: boolean; job?: Record<string, string> } = {},
): Promise<string[]> {
  const said: string[] = [];
  const agent: RunVariables = {
    decodesPercents: true,
    variable: (name) => options.job?.[name] ?? '',
    setVariable: ({ name, value, isSecret }, { isOutput }): void => {
      const kinds = [isSecret ? 'secret' : 'plain', ...(isOutput ? ['output'] : [])].join(' ');
      said.push(`${name} ${kinds}${name === multilineSwitch ? ` ${value.reveal()}` : ''}`);
    },
  };
  const store = aStore({ agent, setAsOutput: options.setAsOutput ?? false });
  const plan = planDestination(
    settings(),
    { variables, names: [], sourceMayBeIncomplete: false },
    await store.read(),
  );
  assert.deepEqual(await store.write(plan), { kind: 'verified' });
  return said;
}

describe('the variables of a run', () => {
  it('are set one by one, as outputs beside their plain names', async () => {
    assert.deepEqual(await set([wanted('A'), wanted('B', 'x', false)], { setAsOutput: true }), [
      'A secret',
      'A secret output',
      'B plain',
      'B plain output',
    ]);
  });

  it('switch secrets of several lines on for as long as they are set, and off where nothing was set before', async () => {
    assert.deepEqual(await set([wanted('A', 'x\ny')]), [
      `${multilineSwitch} plain true`,
      'A secret',
      `${multilineSwitch} plain false`,
    ]);
  });

  it('are judged under the name of the step, too, where they are outputs', () => {
    const origin = { step: 'node', job: 'Build', jobInstance: '', stage: '' };
    const variables = [wanted('OPTIONS', 'x', false)];

    assert.match(
      aStore({ setAsOutput: true, origin }).problemsWith(variables).join(),
      /"OPTIONS".*"node\.OPTIONS"/,
    );
    assert.deepEqual(aStore({ origin }).problemsWith(variables), []);
  });

  const leaves: [string, DesiredVariable, Record<string, string>][] = [
    ['when no secret has several lines', wanted('A'), {}],
    ['for a plain variable of several lines', wanted('A', 'x\ny', false), {}],
    ['when it is on already', wanted('A', 'x\ny'), { [multilineSwitch]: 'True' }],
  ];
  for (const [when, variable, job] of leaves) {
    it(`leave the switch alone ${when}`, async () => {
      assert.deepEqual(
        (await set([variable], { job })).filter((line) => line.startsWith(multilineSwitch)),
        [],
      );
    });
  }

  it('give the switch its own value back', async () => {
    assert.equal(
      (await set([wanted('A', 'x\ry')], { job: { [multilineSwitch]: 'no' } })).at(-1),
      `${multilineSwitch} plain no`,
    );
  });
});
