import type { IncomingWebhook } from './incoming-webhooks.js';
import { queueRun, type Reason, type Run } from './runs.js';
import type { Service } from './service.js';
import { readPipeline, type YamlPipeline } from './yaml-pipelines.js';

/** YAML pipelines and their runs, as people and agents handle them. */
export class PipelinesByHand {
  readonly #service: Service;

  constructor(service: Service) {
    this.#service = service;
  }

  /** A service connection of the type "Incoming WebHook". */
  addIncomingWebhook(
    webhook: Pick<IncomingWebhook, 'connection' | 'webhookName'> & Partial<IncomingWebhook>,
  ): IncomingWebhook {
    const added = { secret: '', header: '', ...webhook };
    this.#service.incomingWebhooks.push(added);
    return added;
  }

  /** The pipeline of a file. Its webhooks and schedules count on the default branch only. */
  save(pipeline: {
    project: string;
    id: number;
    name: string;
    yaml: string;
    isDefaultBranch?: boolean;
  }): YamlPipeline {
    const { project, isDefaultBranch = true, ...rest } = pipeline;
    const read = readPipeline(pipeline.yaml);
    const saved: YamlPipeline = {
      ...rest,
      projectId: this.#service.projectNamed(project).id,
      ...read,
      ...(isDefaultBranch ? {} : { webhooks: [], schedules: [] }),
    };
    this.#service.yamlPipelines.push(saved);
    return saved;
  }

  run(pipeline: YamlPipeline, reason: Reason = 'Manual'): Run {
    return queueRun(this.#service, pipeline, { reason, parameters: {} });
  }

  /** The hour of all schedules has come. */
  runSchedules(): Run[] {
    return this.#service.yamlPipelines
      .filter(({ schedules }) => schedules.length > 0)
      .map((pipeline) => this.run(pipeline, 'Schedule'));
  }

  get runs(): readonly Run[] {
    return this.#service.runs;
  }

  /** What an agent gets next; undefined while every run that waits has to wait for another one. */
  takeNext(): Run | undefined {
    const { runs } = this.#service;
    const waiting = runs.filter(({ state }) => state === 'waiting');
    const isHeld = (run: Run): boolean =>
      run.pipeline.lock !== undefined &&
      runs.some(({ pipeline, state }) => pipeline === run.pipeline && state === 'running');
    const first = waiting.find((run) => !isHeld(run));
    if (first === undefined) return undefined;
    const rivals = first.pipeline.lock === 'runLatest' ? sameAs(first, waiting) : [first];
    const next = rivals.pop() ?? first;
    // "The latest run will proceed. Any intermediate runs will be canceled." (release notes, sprint 172)
    for (const rival of rivals) rival.state = 'canceled';
    next.state = 'running';
    return next;
  }

  finish(run: Run): void {
    run.state = 'done';
  }
}

function sameAs(run: Run, waiting: readonly Run[]): Run[] {
  return waiting.filter(({ pipeline }) => pipeline === run.pipeline);
}
