import assert from 'node:assert/strict';
import { formsOf } from '../../emulators/agent/leak-check.js';
import { canary, type World } from '../support/world.js';
import type { Ran } from './in-process.js';
import type { Scenario } from './scenarios.js';

/** What a run without trouble looks like, and what is there before it. */
export interface Expected {
  before: unknown;
  planned: unknown;
  foreign: unknown;
  outputs: Record<string, string>;
  variables: Record<string, string>;
}

/** How a run ended, in the words of the table. */
export const endings = [
  'as planned',
  'planned, with a warning',
  'failed, nothing written',
  'failed, write not known',
  'failed, written',
] as const;
export type Ending = (typeof endings)[number];

/** Holds what one run said and did against the promises; the message names the one that is broken. */
export function holdsPromises(
  ran: Ran,
  { scenario, world, expected }: { scenario: Scenario; world: World; expected: Expected },
): Ending {
  const found = scenario.look(world);
  const isPlanned = equal(found, expected.planned) && equal(ran.variables, expected.variables);
  const isBefore = equal(found, expected.before) && Object.keys(ran.variables).length === 0;
  assert.ok(
    isBefore || isPlanned,
    `1: the destination is neither as before nor as planned: ${ran.errors.join()}`,
  );
  assert.deepEqual(scenario.foreign(world), expected.foreign, '1: what is not ours has changed');
  showsNothing(ran, { scenario, world });
  assert.deepEqual(
    ran.commands.filter(({ event }) => event === 'complete'),
    ran.commands.slice(-1),
    '3: the result is not the one last word',
  );
  if (ran.result === 'Failed') return failedHonestly(ran, { isBefore, isPlanned, world });
  succeededHonestly(ran, { isPlanned, expected, mayUse: scenario.mayUse?.(world) ?? true });
  return ran.result === 'Succeeded' ? 'as planned' : 'planned, with a warning';
}

function succeededHonestly(
  ran: Ran,
  { isPlanned, expected, mayUse }: { isPlanned: boolean; expected: Expected; mayUse: boolean },
): void {
  assert.ok(isPlanned, `3: ${ran.result}, and the destination is not as planned`);
  assert.deepEqual(ran.errors, [], '3: an error in a run that succeeded');
  const hasWarnings = ran.warnings.length > 0;
  assert.equal(
    ran.result,
    hasWarnings ? 'SucceededWithIssues' : 'Succeeded',
    '3: result and warnings differ',
  );
  const saysRefused = ran.warnings.some((warning) => warning.includes('did not confirm that'));
  assert.equal(saysRefused, !mayUse, '3: what is said of the permission of pipelines is not so');
  assert.ok((ran.outputs['reportFile'] ?? '') !== '', '3: there is no report');
  assert.deepEqual(
    comparable(ran.outputs),
    expected.outputs,
    '3: the outputs are not those of what was done',
  );
}

/** Without what differs from run to run. */
export function comparable(outputs: Record<string, string>): Record<string, string> {
  const differing = ['reportFile', 'variableGroupId'];
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !differing.includes(name)));
}

function failedHonestly(
  ran: Ran,
  { isBefore, isPlanned, world }: { isBefore: boolean; isPlanned: boolean; world: World },
): Ending {
  const [message = ''] = ran.errors;
  assert.equal(ran.errors.length, 1, '3: a failure has one message');
  assert.doesNotMatch(message, /This is a bug in this task\./, `3: a fault was not foreseen`);
  assert.deepEqual(Object.keys(ran.outputs), [], '3: outputs of a run that failed');
  const summary = ran.files.find(({ name }) => name === 'Infisical sync failed.md')?.content ?? '';
  const claims = [
    'Nothing was written.',
    'it is not known whether it took effect',
    'it is not known whether it is as planned',
    'was already written as planned',
  ];
  const claimed = claims.filter((claim) => message.includes(claim));
  assert.equal(claimed.length, 1, `3: not one claim of what is there now: ${message}`);
  assert.ok(summary.includes(claimed[0] ?? '-'), '3: the summary claims something else');
  switch (claims.indexOf(claimed[0] ?? '')) {
    case 0:
      assert.ok(isBefore, `3: something was written: ${message}`);
      return 'failed, nothing written';
    case 1:
      assert.ok(mayHaveWritten(ran, world), `3: it is known that nothing was written: ${message}`);
      return 'failed, write not known';
    default:
      assert.ok(isPlanned, `3: nothing was written: ${message}`);
      return 'failed, written';
  }
}

/** Whether a write left the task that was not plainly refused. */
function mayHaveWritten(ran: Ran, { ado }: World): boolean {
  const isWrite = ({ method, path }: { method: string; path: string }): boolean =>
    /^(?:POST|PUT|DELETE)$/.test(method) && /variablegroups|definitions/.test(path);
  const isRefused = (status: unknown): boolean => typeof status === 'number' && status >= 300 && status < 500;
  return (
    ran.misdirected.some(isWrite) ||
    ado.requests.some((request) => isWrite(request) && !isRefused(request.status))
  );
}

/** No value, no token and no form of one, but where the agent is given a mask or a variable of the run. */
function showsNothing(ran: Ran, { scenario, world }: { scenario: Scenario; world: World }): void {
  const tokens = world.infisical.tokens.map(({ text }) => text);
  const forms = [...Object.values(canary), ...tokens].flatMap(formsOf);
  const setsVariables = scenario.inputs['destination'] === 'pipelineVariables';
  const isAllowed = (line: string): boolean =>
    line.startsWith('##vso[task.setsecret]') ||
    (setsVariables && /^##vso\[task\.setvariable [^\]]*\]/.test(line) && !/isOutput/.test(line));
  const shown = [
    ...ran.lines.filter((line) => !isAllowed(line)),
    ...ran.commands.filter(({ event }) => !/^set(?:secret|variable)$/.test(event)).map(({ data }) => data),
    ...ran.files.flatMap(({ name, content }) => [name, content]),
  ].join('\n');
  const leaked = forms.findIndex((form) => shown.includes(form));
  assert.equal(leaked, -1, `4: form ${String(leaked)} of the secrets shows`);
}

function equal(found: unknown, expected: unknown): boolean {
  try {
    assert.deepStrictEqual(found, expected);
    return true;
  } catch {
    return false;
  }
}
