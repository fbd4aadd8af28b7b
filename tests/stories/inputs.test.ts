import assert from 'node:assert/strict';
import { aWorld, usualInputs, type World } from '../support/world.js';
import { tellWhy, type Refusal } from './refused.js';

const refusals: Refusal[] = [
  {
    title: 'a plan whose input is misspelled, which would be a sync',
    inputs: { acton: 'plan' },
    message:
      /^Fix these inputs:\n- Unknown input "acton" \(environment variable "INPUT_ACTON"\)\. Did you mean "action"\?\nNothing was written\.$/,
  },
  {
    title: 'misspelled inputs beside wrong ones',
    inputs: { enviroment: 'dev', 'max deletions': '0', destination: 'job', authorizePipelines: 'typo' },
    message:
      /Unknown input "enviroment".*\n.*Unknown input "max_deletions".*Did you mean "maxDeletions"\?\n- destination: .*\n- authorizePipelines: is "typo"/,
  },
  {
    title: 'a name of a group that Azure DevOps does not take, because it is long',
    prepare: ({ ado }) => {
      const body = { typeKey: 'ArgumentException', message: 'too long' };
      ado.faults.add({
        match: { method: 'POST', path: /variablegroups/ },
        fault: { kind: 'status', status: 400, body },
      });
    },
    inputs: { variableGroup: 'g'.repeat(140) },
    message:
      /^Azure DevOps refused to create the variable group "g{140}"\. Its name has 140 characters, which may be too many: choose a shorter variableGroup\./,
  },
];

describe('inputs that can’t be meant', () => {
  tellWhy(refusals);

  it('are refused before anybody is asked', async () => {
    await inWorld(async (world) => {
      await world.sync({ acton: 'plan' });

      assert.deepEqual([world.ado.requests.length, world.infisical.requests.length], [0, 0]);
    });
  });
});

describe('inputs that are not looked at', () => {
  const ways: [title: string, inputs: Record<string, string>, notes: string[]][] = [
    [
      'unknown ones that are close to none',
      { dryRun: 'canary-of-an-input', force: 'x' },
      ['Unknown inputs are ignored: "dryrun" and "force".'],
    ],
    [
      'a group for the variables of a run',
      { destination: 'pipelineVariables' },
      [
        'The input variableGroup is ignored. It applies only when destination is "variableGroup"; here it is "pipelineVariables".',
      ],
    ],
    ['a default that a form sends for a hidden field', { setAsOutput: 'False', pipelineId: '' }, []],
  ];
  for (const [title, inputs, notes] of ways) {
    it(`are named in the log and in the summary, and leave the result green: ${title}`, async () => {
      await inWorld(async (world) => {
        const step = await world.sync(inputs);

        assert.equal(step.result, 'Succeeded');
        assert.deepEqual(notesIn(step.log), notes);
        const summary = step.summaries.at(-1)?.content ?? '';
        assert.equal(summary.split(' ignored').length - 1, notes.length);
        assert.ok(!`${step.log}${summary}`.includes('canary-of-an-input'));
      });
    });
  }

  it('are named in the log of a run that fails later, too', async () => {
    await inWorld(async (world) => {
      const step = await world.sync({ dryRun: 'x', environment: 'nowhere' });

      assert.deepEqual(
        [step.result, notesIn(step.log)],
        ['Failed', ['Unknown inputs are ignored: "dryrun".']],
      );
    });
  });

  it('are no pipeline variables, whatever their names', async () => {
    await inWorld(async (world) => {
      const variables = {
        'input.acton': 'plan',
        INPUT_TAG: 'x',
        'Input dryRun': 'x',
        'input.action': 'remove',
      };

      const step = await world.sync({}, { agent: { variables } });

      assert.deepEqual([step.result, notesIn(step.log)], ['Succeeded', []]);
      assert.ok(world.ado.group('Shop', usualInputs.variableGroup));
    });
  });
});

describe('a project of Infisical with a long name', () => {
  it('is found by the slug that Infisical made of it', async () => {
    await inWorld(async (world) => {
      const slug = `${'a-long-name-'.repeat(5)}shop-x7y`;
      world.infisical.addProject({ slug, environments: ['prod'] });
      world.infisical.setSecret({ project: slug, environment: 'prod' }, 'KEY', 'value');
      world.machine.projects[slug] = 'admin';

      const step = await world.sync({ infisicalProject: slug });

      assert.deepEqual([slug.length, step.result], [68, 'Succeeded']);
    });
  });
});

async function inWorld(tell: (world: World) => Promise<void>): Promise<void> {
  const world = await aWorld();
  try {
    await tell(world);
  } finally {
    await world.close();
  }
}

function notesIn(log: string): string[] {
  return log.split('\n').flatMap((line) => (line.startsWith('Note: ') ? [line.slice('Note: '.length)] : []));
}
