import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hostilePieces } from '../support/hostile.js';
import { assertInertLine, elementsOf } from '../support/inert.js';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { isThorough } from '../support/thorough.js';
import { aWorld, canary, shop, type SyncOptions, type World } from '../support/world.js';

const prod = { project: 'shop', environment: 'prod' };
const everything = hostilePieces.join('');
/** What a service can put into a text without its JSON being cut. */
const hostile = {
  command: '##vso[task.setvariable variable=PWNED]yes',
  lines: `a\r\n##vso[task.complete result=Failed;]\n##[error]b`,
  ansi: '\u001b[2J\u001b]0;title\u0007\u009b31m',
  invisible: '#\u200b#vso[task.complete]\u202e\u2066\ufeff\u2028',
  markdown: '`a` **b** [c](http://evil) | d |\n\n# e\n- f',
  html: '<img src=x onerror=alert(1)><script>alert(1)</script>',
  everything,
  megabyte: `##vso[task.complete]${'`<b>'.repeat(250_000)}`,
} as const;

/** The commands of the task; task-lib's own debug lines come beside them. */
const known = new Set([
  'debug',
  'setsecret',
  'setvariable',
  'setprogress',
  'logissue',
  'uploadsummary',
  'complete',
]);
// Lists are those of messages that list problems.
const elements = [
  'ul',
  'li',
  'h2',
  'p',
  'strong',
  'code',
  'code_inline',
  'blockquote',
  'fence',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
];

describe('hostile text', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  const inert = (step: FinishedStep): void => {
    for (const { area, event } of step.commands) assert.ok(area === 'task' && known.has(event), event);
    assert.equal(step.commands.filter(({ event }) => event === 'complete').length, 1);
    const set = step.commands.filter(({ event }) => event === 'setvariable');
    assert.ok(set.every(({ properties }) => properties['isoutput'] === 'true'));
    for (const line of step.raw.filter((raw) => !raw.startsWith('##vso[task.'))) assertInertLine(line);
    for (const line of step.log.split('\n').filter((logged) => !/^##\[\w+\]/.test(logged)))
      assertInertLine(line);
    for (const { message } of step.issues) message.split('\n').forEach(assertInertLine);
    for (const { content } of step.summaries) {
      const found = Object.keys(elementsOf(content));
      assert.deepEqual(
        found.filter((element) => !elements.includes(element)),
        [],
      );
      assert.ok(content.length < 100_000);
    }
    assert.ok(step.log.length < 200_000);
  };

  for (const [kind, text] of isThorough ? Object.entries(hostile) : Object.entries({ everything })) {
    it(`does nothing as the name of a secret: ${kind}`, async () => {
      world.infisical.setSecret(prod, text, 'x');
      world.infisical.setSecret(prod, `A-${text.replace(/[\p{Cc}$()/]/gu, '').trim()}`, 'x');

      inert(await world.sync());
      world.infisical.deleteSecret(prod, text);
      inert(await world.sync({}, { agent: { debug: true } }));
    });

    it(`does nothing in what Azure DevOps says of a group and its variables: ${kind}`, async () => {
      world.ado.addGroup({
        project: 'Shop',
        name: 'shop-prod',
        description: `${text}\n[infisical-sync: ${text}]`,
        variables: { [text]: 'x', OLD: 'x' },
      });

      inert(await world.sync({ action: 'plan' }));
      inert(await world.sync({ keySchema: 'A_{{secretKey}}' }));
      inert(await world.sync());
    });

    it(`does nothing as the name of a pipeline, or of a folder that is imported: ${kind}`, async () => {
      const { id } = world.ado.definitions.add({ project: 'Shop', name: text });
      const path = `/${text.replace(/[/\0]/g, '').slice(0, 3_000)}`;
      world.infisical.addFolder({ ...prod, path });
      world.infisical.addImport(prod, { environment: 'prod', path });

      const step = await world.sync({
        destination: 'pipelineDefinition',
        variableGroup: '',
        pipelineId: String(id),
      });

      inert(step);
    });

    for (const service of ['infisical', 'ado'] as const) {
      it(`does nothing in a refusal of ${service}: ${kind}`, async () => {
        const body = {
          error: text,
          message: `${text} ${canary.old}`,
          typeKey: text,
          [text.slice(0, 99)]: text,
        };
        const path = service === 'ado' ? /variablegroups/ : /v4\/secrets/;
        const headers = { activityid: text.replace(/[^\x20-\x7e]/g, '').slice(0, 200) };
        world[service].faults.add({ match: { path }, fault: { kind: 'status', status: 400, body, headers } });

        const step = await world.sync({}, { agent: { debug: true } });

        assert.equal(step.result, 'Failed');
        inert(step);
        assert.ok(!step.raw.some((line) => line.includes(canary.old)));
      });
    }

    it(`does nothing as an input or as the name of the project: ${kind}`, async () => {
      // An environment holds neither NUL nor half characters, nor more than 128 KB.
      const given = text.replace(/[\0\p{Cs}]/gu, '').slice(0, 30_000);
      const options: SyncOptions = { agent: { project: { ...shop, name: given } } };

      inert(await world.sync({ variableGroup: `x${given}`, action: 'plan' }, options));
      inert(await world.sync({ environment: given, secretPath: given, keySchema: given, pipelineId: given }));
    });
  }

  it('does nothing when a script prints the report, or the names in it', async () => {
    // A name with "=" is refused; this command does harm without.
    const command = '##vso[task.complete]x';
    const name = `#${command}`;
    world.infisical.setSecret(prod, command, 'x');
    world.infisical.setSecret(prod, name, 'x');
    const job = world.job();
    try {
      const step = await job.runStep({
        name: 'sync',
        inputs: {
          infisicalConnection: 'infisical',
          infisicalProject: 'shop',
          environment: 'prod',
          variableGroup: 'g',
          action: 'plan',
        },
      });
      const path = step.outputs['reportFile'] ?? '';
      const printed = await job.runScript({
        script: `const text = require('node:fs').readFileSync(${JSON.stringify(path)}, 'utf8');
          console.log(text);
          for (const { name } of JSON.parse(text).changes) console.log(name);`,
      });

      assert.deepEqual(printed.commands, []);
      const { changes } = JSON.parse(readFileSync(path, 'utf8')) as { changes: { name: string }[] };
      assert.ok(changes.some((change) => change.name === name.replace('##vso', '##_vso')));
    } finally {
      job.dispose();
    }
  });

  it('is no reason to lose a variable: a name that a parser drops is refused', async () => {
    const variables = JSON.parse('{"__proto__":{"value":"by hand"}}') as Record<string, { value: string }>;
    world.ado.addGroup({ project: 'Shop', name: 'shop-prod', variables });

    const step = await world.sync({ keySchema: 'A_{{secretKey}}' });
    world.infisical.setSecret(prod, '__proto__', 'x');
    const named = await world.sync({ variableGroup: 'other' });

    assert.match(step.issues[0]?.message ?? '', /in a form that this task does not know \(at "variables"\)/);
    assert.ok(Object.hasOwn(world.ado.variables('Shop', 'shop-prod'), '__proto__'));
    assert.match(named.issues[0]?.message ?? '', /"__proto__": many programs cannot hold/);
  });

  it('of values is masked as it is, also in a job that decodes no percents', async () => {
    const value = `50%-${canary.plain}`;
    world.infisical.setSecret(prod, 'PERCENT', value);

    const step = await world.sync({}, { agent: { variables: { DECODE_PERCENTS: 'false' } } });

    assert.equal(step.result, 'Succeeded');
    assert.ok(step.masks.includes(value));
  });
});
