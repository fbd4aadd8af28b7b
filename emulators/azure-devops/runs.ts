import type { Service } from './service.js';
import { compile, type YamlPipeline } from './yaml-pipelines.js';

/** Values of Build.Reason that start runs here. */
export type Reason = 'Manual' | 'Schedule' | 'IndividualCI' | 'ResourceTrigger';

export interface Run {
  id: number;
  pipeline: YamlPipeline;
  reason: Reason;
  state: 'waiting' | 'running' | 'done' | 'canceled';
  /** The YAML after all that is decided before a run. */
  compiled: unknown;
}

/** @throws Error when the YAML can't be compiled; then there is no run */
export function queueRun(
  service: Service,
  pipeline: YamlPipeline,
  { reason, parameters }: { reason: Reason; parameters: Record<string, unknown> },
): Run {
  const compiled = compile(pipeline.yaml, parameters);
  const run: Run = { id: service.runs.length + 1, pipeline, reason, state: 'waiting', compiled };
  service.runs.push(run);
  return run;
}
