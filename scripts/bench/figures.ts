import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import { packageBytes, type PackageBytes } from '../package/bytes.js';
import { measureMasking, type MaskingFigure } from './masking.js';
import { runOnce, weighOnce, type Run, type Took } from './measure.js';
import type { Services } from './services-client.js';
import type { World, WorldOptions } from './services.js';
import { ratiosOf, spreadOf, type Spread } from './statistics.js';
import {
  bareNode,
  httpsFloor,
  plainSync,
  sdkPerVariable,
  sdkSync,
  task,
  unchangedTask,
  type Subject,
} from './subjects.js';

/** What is known of one process after all its runs. */
export interface Figure {
  title: string;
  runs: number;
  wallMs: Spread;
  startMs: Spread | undefined;
  requests: number;
  outputLines: number;
}

/** Each ratio is to the plain sync of the same round. */
export interface Compared extends Figure {
  wallRatio: Spread;
  cpuMs: Spread;
  cpuRatio: Spread;
  peakMb: Spread;
  peakRatio: Spread;
}

/** Processes side by side at one number of secrets. */
export interface Comparison {
  secrets: number;
  tls: boolean;
  compared: Compared[];
}

/** One point of a plot: a number of secrets or a latency, and what each process took there. */
export interface Point {
  at: number;
  figures: Figure[];
}

export interface Figures {
  measured: { date: string; node: string; system: string; processor: string; load: [number, number] };
  comparisons: Comparison[];
  bySecrets: Point[];
  byLatency: Point[];
  /** The task with latency, told the project by its slug. */
  bySlug: Point[];
  packageBytes: PackageBytes;
  masking: MaskingFigure[];
}

export const usualSecrets = 50;
/** Where processes are compared in full; between them only time is measured. */
export const comparedAt = [usualSecrets, 5_000, 20_000] as const;
const timedAt = [10, 100, 1_000];
export const latenciesMs = [20, 100] as const;
const warmUps = 2;
/** One update per variable asks twice a variable: with latency, a run takes ten seconds and hardly varies. */
const runsOfSlow = 3;
const mostPerVariable = 100;
const syncs = [plainSync, task, sdkSync];

interface Bench {
  services: Services;
  runs: number;
  say: (line: string) => void;
}

export async function measureAll(bench: Bench): Promise<Figures> {
  const loadBefore = loadavg()[0] ?? 0;
  const comparisons: Comparison[] = [];
  for (const tls of [false, true])
    for (const secrets of comparedAt) comparisons.push(await compare(bench, { secrets, tls }));
  const bySecrets = await measureSizes(bench, comparisons);
  const byLatency = await measureLatencies(bench, pointOf(comparisons, usualSecrets));
  return {
    measured: {
      date: new Date().toISOString().slice(0, 10),
      node: process.version,
      system: `${platform()} ${arch()}`,
      processor: `${String(cpus().length)} × ${cpus()[0]?.model ?? '?'}, ${String(Math.round(totalmem() / 2 ** 30))} GiB`,
      load: [loadBefore, loadavg()[0] ?? 0],
    },
    comparisons,
    bySecrets,
    byLatency,
    bySlug: await measureSlug(bench),
    packageBytes: packageBytes(),
    masking: measureMasking(),
  };
}

async function compare(
  bench: Bench,
  { secrets, tls }: Required<Omit<WorldOptions, 'project'>>,
): Promise<Comparison> {
  bench.say(`${secrets.toLocaleString('en-US')} secrets${tls ? ', TLS' : ''} …`);
  const world = await newWorld(bench, { secrets, tls });
  const isFull = secrets === usualSecrets && !tls;
  const measured = [plainSync, task, unchangedTask, sdkSync];
  const subjects = isFull ? [bareNode, httpsFloor, ...measured, sdkPerVariable] : measured;
  const runs = await inTurn(subjects, bench.runs, (subject) => runOnce(subject, { world, ...bench }));
  const took = await inTurn(subjects, bench.runs, (subject) => weighOnce(subject, world));
  const plain = subjects.indexOf(plainSync);
  const compared = subjects.map((subject, index): Compared => {
    const [own, base] = [runs[index] ?? [], runs[plain] ?? []];
    const [weighed, weighedBase] = [took[index] ?? [], took[plain] ?? []];
    const beside = (key: keyof Took): Spread =>
      ratiosOf(
        weighed.map((each) => each[key]),
        weighedBase.map((each) => each[key]),
      );
    return {
      ...figureOf(subject, own),
      wallRatio: ratiosOf(
        own.map(({ wallMs }) => wallMs),
        base.map(({ wallMs }) => wallMs),
      ),
      cpuMs: spreadOf(weighed.map(({ cpuMs }) => cpuMs)),
      cpuRatio: beside('cpuMs'),
      peakMb: spreadOf(weighed.map(({ peakMb }) => peakMb)),
      peakRatio: beside('peakMb'),
    };
  });
  return { secrets, tls, compared };
}

/** What was compared without TLS, as a point of a plot. */
function pointOf(comparisons: readonly Comparison[], secrets: number): Point {
  const found = comparisons.find((comparison) => comparison.secrets === secrets && !comparison.tls);
  const shown = [...syncs, sdkPerVariable].map(({ title }) => title);
  return { at: secrets, figures: (found?.compared ?? []).filter(({ title }) => shown.includes(title)) };
}

async function measureSizes(bench: Bench, comparisons: readonly Comparison[]): Promise<Point[]> {
  const points = comparedAt.map((secrets) => pointOf(comparisons, secrets));
  for (const secrets of timedAt) {
    bench.say(`${secrets.toLocaleString('en-US')} secrets …`);
    const world = await newWorld(bench, { secrets });
    const subjects = secrets <= mostPerVariable ? [...syncs, sdkPerVariable] : syncs;
    points.push(await pointAt(secrets, subjects, { ...bench, world }));
  }
  return points.sort((a, b) => a.at - b.at);
}

async function measureLatencies(bench: Bench, atOnce: Point): Promise<Point[]> {
  const points: Point[] = [{ ...atOnce, at: 0 }];
  const world = await newWorld(bench, { secrets: usualSecrets });
  for (const latencyMs of latenciesMs) {
    bench.say(`${String(latencyMs)} ms of latency …`);
    const measure = (): Promise<Point> => pointAt(latencyMs, [...syncs, sdkPerVariable], { ...bench, world });
    points.push(await withLatency(bench, latencyMs, measure));
  }
  return points;
}

async function measureSlug(bench: Bench): Promise<Point[]> {
  bench.say('a project slug …');
  const world = await newWorld(bench, { secrets: usualSecrets, project: 'slug' });
  const points: Point[] = [];
  for (const latencyMs of latenciesMs) {
    const measure = (): Promise<Point> => pointAt(latencyMs, [task], { ...bench, world });
    points.push(await withLatency(bench, latencyMs, measure));
  }
  return points;
}

async function withLatency<T>({ services }: Bench, ms: number, work: () => Promise<T>): Promise<T> {
  await services.latency(ms);
  const result = await work();
  await services.latency(0);
  return result;
}

async function pointAt(
  at: number,
  subjects: readonly Subject[],
  bench: Bench & { world: World },
): Promise<Point> {
  const slow = subjects.filter((subject) => subject === sdkPerVariable);
  const rest = subjects.filter((subject) => subject !== sdkPerVariable);
  const once = (subject: Subject): Promise<Run> => runOnce(subject, bench);
  const runs = [...(await inTurn(rest, bench.runs, once)), ...(await inTurn(slow, runsOfSlow, once, 0))];
  return { at, figures: [...rest, ...slow].map((subject, index) => figureOf(subject, runs[index] ?? [])) };
}

/** A world in which the groups are there already, as after the first sync. */
async function newWorld({ services }: Bench, options: WorldOptions): Promise<World> {
  const world = await services.world(options);
  await runOnce(task, { world, services });
  await runOnce({ ...unchangedTask, succeeded: task.succeeded }, { world, services });
  return world;
}

/** A B C, A B C, …; what comes out is sorted by subject. */
async function inTurn<T>(
  subjects: readonly Subject[],
  runs: number,
  once: (subject: Subject) => Promise<T>,
  warmUp = warmUps,
): Promise<T[][]> {
  const results = subjects.map((): T[] => []);
  for (let round = -warmUp; round < runs; round += 1) {
    for (const [index, subject] of subjects.entries()) {
      const result = await once(subject);
      if (round >= 0) results[index]?.push(result);
    }
  }
  return results;
}

function figureOf({ title }: Subject, runs: readonly Run[]): Figure {
  const starts = runs.flatMap(({ startMs }) => startMs ?? []);
  return {
    title,
    runs: runs.length,
    wallMs: spreadOf(runs.map(({ wallMs }) => wallMs)),
    startMs: starts.length === 0 ? undefined : spreadOf(starts),
    requests: Math.max(...runs.map(({ requests }) => requests.length)),
    outputLines: Math.max(...runs.map(({ outputLines }) => outputLines)),
  };
}
