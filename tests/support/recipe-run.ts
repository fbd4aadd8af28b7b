import { parse } from 'yaml';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import type { World } from './world.js';
import { yamlIn } from './yaml-documents.js';
import { runPipeline, type Pipeline } from './yaml-run.js';

/** The YAML of a recipe; of several, by their place on the page. */
export function recipe(name: string, index = 0): Pipeline {
  return parse(yamlIn(`docs/recipes/${name}.md`)[index] ?? '') as Pipeline;
}

/** @param beforeJob is called before each job, with its number */
export function runRecipe(
  world: World,
  pipeline: Pipeline,
  beforeJob: (job: number) => void = () => undefined,
): Promise<FinishedStep[]> {
  let jobs = 0;
  return runPipeline(pipeline, {
    startJob: (variables) => {
      jobs += 1;
      beforeJob(jobs);
      return world.job({ agent: { variables } });
    },
    groupNamed: () => ({}),
  });
}
