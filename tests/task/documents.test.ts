import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { FinishedStep, MiniAgent } from '../support/mini-agent/mini-agent.js';
import { aWorld, canary, type World } from '../support/world.js';

interface Step {
  task?: string;
  name?: string;
  inputs?: Record<string, string | boolean>;
  script?: string;
  env?: Record<string, string>;
}

/** Every YAML of a document that runs the task. */
function pipelinesIn(document: string): Step[][] {
  const blocks = [...readFileSync(document, 'utf8').matchAll(/^```yaml\n([^]*?)^```/gm)];
  return blocks
    .map((match) => parse(match[1] ?? '') as { steps?: Step[] })
    .flatMap(({ steps }) =>
      steps?.some(({ task }) => task === 'InfisicalSecretSync@1') === true ? [steps] : [],
    );
}

async function run(job: MiniAgent, step: Step): Promise<FinishedStep> {
  if (step.task === undefined) {
    // Whatever the shell would do with them: what it is given has to be there.
    const script = `for (const name of ${JSON.stringify(Object.keys(step.env ?? {}))})
      if (/^$|^\\$[(]/.test(process.env[name] ?? '')) throw new Error(name + ' is not set');`;
    return job.runScript({ script, env: step.env ?? {} });
  }
  const inputs = Object.entries(step.inputs ?? {}).map(([name, value]) => [name, String(value)]);
  return job.runStep({
    ...(step.name === undefined ? {} : { name: step.name }),
    task: step.task,
    inputs: Object.fromEntries(inputs) as Record<string, string>,
  });
}

describe('the YAML of the documents', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
    world.infisical.setSecret({ project: 'shop', environment: 'prod', path: '/api' }, 'TOKEN', canary.plain);
  });
  afterEach(() => world.close());

  for (const document of ['README.md', 'overview.md']) {
    const pipelines = pipelinesIn(document);

    it(`shows each destination: ${document}`, () => {
      const shown = pipelines
        .flat()
        .flatMap(({ inputs }) => (inputs === undefined ? [] : [inputs['destination']]));

      assert.deepEqual(new Set(shown), new Set([undefined, 'pipelineVariables', 'pipelineDefinition']));
    });

    for (const [index, steps] of pipelines.entries()) {
      it(`runs as it stands there: ${document}, no. ${String(index + 1)}`, async () => {
        const job = world.job();
        try {
          for (const step of steps) assert.equal((await run(job, step)).result, 'Succeeded');
        } finally {
          job.dispose();
        }
      });
    }
  }
});
