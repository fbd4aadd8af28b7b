import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import { packageBytes, type PackageBytes } from '../package-bytes.js';
import { measureMasking, type MaskingFigure } from './masking.js';
import { runOnce, weighOnce, type Run } from './measure.js';
import type { Services } from './services-client.js';
import type { World } from './services.js';
import { ratiosOf, spreadOf, type Spread } from './statistics.js';
import { bareNode, httpsFloor, plainSync, sdkPerVariable, sdkSync, task, type Subject } from './subjects.js';

/** What is known of one process after all its runs. */
export interface Figure {
  title: string;
  runs: number;
  wallMs: Spread;
  startMs: Spread | undefined;
  requests: number;
  outputLines: number;
}

export interface Compared extends Figure {
  /** Beside the bare Node of the same round. */
  wallRatio: Spread;
  startRatio: Spread | undefined;
  cpuMs: Spread;
  cpuRatio: Spread;
  peakMb: Spread;
  peakRatio: Spread;
}

/** One point of a plot: a number of secrets or a latency, and what each process took there. */
export interface Point {
  at: number;
  figures: Figure[];
}

export interface Figures {
  measured: { date: string; node: string; system: string; processor: string; load: [number, number] };
  /** 50 secrets, services that answer at once. */
  whole: Compared[];
  bySecrets: Point[];
  byLatency: Point[];
  /** The task with latency, told the project by its slug. */
  bySlug: Point[];
  /** Peak memory of the task at the fewest and the most secrets. */
  peakMb: { few: Spread; most: Spread };
  packageBytes: PackageBytes;
  masking: MaskingFigure[];
}

export const usualSecrets = 50;
export const mostSecrets = 5_000;
export const latenciesMs = [20, 100] as const;
const warmUps = 2;
/** One update per variable asks twice a variable: with latency, a run takes ten seconds and hardly varies. */
const runsOfSlow = 3;
const mostPerVariable = 100;

interface Bench {
  services: Services;
  runs: number;
  say: (line: string) => void;
}

export async function measureAll(bench: Bench): Promise<Figures> {
  const loadBefore = loadavg()[0] ?? 0;
  const whole = await compareAll(bench);
  const all = await measureSeries(bench, whole);
  return {
    measured: {
      date: new Date().toISOString().slice(0, 10),
      node: process.version,
      system: `${platform()} ${arch()}`,
      processor: `${String(cpus().length)} × ${cpus()[0]?.model ?? '?'}, ${String(Math.round(totalmem() / 2 ** 30))} GiB`,
      load: [loadBefore, loadavg()[0] ?? 0],
    },
    whole,
    ...all,
    packageBytes: packageBytes(),
    masking: measureMasking(),
  };
}

async function compareAll(bench: Bench): Promise<Compared[]> {
  bench.say(`${String(usualSecrets)} secrets, no latency …`);
  const world = await newWorld(bench, usualSecrets);
  const subjects = [bareNode, httpsFloor, plainSync, task, sdkSync, sdkPerVariable];
  const runs = await inTurn(subjects, bench.runs, (subject) => runOnce(subject, { world, ...bench }));
  const took = await inTurn(subjects, bench.runs, (subject) => weighOnce(subject, world));
  const base = runs[0]?.map(({ wallMs }) => wallMs) ?? [];
  return subjects.map((subject, index) => {
    const own = runs[index] ?? [];
    const weighed = took[index] ?? [];
    const figure = figureOf(subject, own);
    const starts = own.flatMap(({ startMs }) => startMs ?? []);
    const beside = (key: 'cpuMs' | 'peakMb'): Spread =>
      ratiosOf(
        weighed.map((each) => each[key]),
        took[0]?.map((each) => each[key]) ?? [],
      );
    return {
      ...figure,
      wallRatio: ratiosOf(
        own.map(({ wallMs }) => wallMs),
        base,
      ),
      startRatio: figure.startMs === undefined ? undefined : ratiosOf(starts, base),
      cpuMs: spreadOf(weighed.map(({ cpuMs }) => cpuMs)),
      cpuRatio: beside('cpuMs'),
      peakMb: spreadOf(weighed.map(({ peakMb }) => peakMb)),
      peakRatio: beside('peakMb'),
    };
  });
}

async function measureSeries(
  bench: Bench,
  whole: readonly Compared[],
): Promise<Pick<Figures, 'bySecrets' | 'byLatency' | 'bySlug' | 'peakMb'>> {
  const syncs = [plainSync, task, sdkSync, sdkPerVariable];
  const usual = whole.filter(({ title }) => syncs.some((subject) => subject.title === title));
  const bySecrets: Point[] = [{ at: usualSecrets, figures: [...usual] }];
  const peaks: Spread[] = [];
  for (const secrets of [10, 100, 1_000, mostSecrets]) {
    bench.say(`${String(secrets)} secrets …`);
    const world = await newWorld(bench, secrets);
    const subjects = syncs.filter((subject) => subject !== sdkPerVariable || secrets <= mostPerVariable);
    bySecrets.push(await pointAt(secrets, subjects, { ...bench, world }));
    if (secrets !== mostSecrets) continue;
    const [took = []] = await inTurn([task], bench.runs, () => weighOnce(task, world));
    peaks.push(spreadOf(took.map(({ peakMb }) => peakMb)));
  }
  const byLatency: Point[] = [{ at: 0, figures: [...usual] }];
  const world = await newWorld(bench, usualSecrets);
  for (const latencyMs of latenciesMs) {
    bench.say(`${String(latencyMs)} ms of latency …`);
    byLatency.push(await withLatency(bench, latencyMs, () => pointAt(latencyMs, syncs, { ...bench, world })));
  }
  const few = whole.find(({ title }) => title === task.title)?.peakMb;
  const [most] = peaks;
  if (few === undefined || most === undefined) throw new Error('The task was not measured.');
  return {
    bySecrets: bySecrets.sort((a, b) => a.at - b.at),
    byLatency,
    bySlug: await measureSlug(bench),
    peakMb: { few, most },
  };
}

async function measureSlug(bench: Bench): Promise<Point[]> {
  bench.say('a project slug …');
  const world = await newWorld(bench, usualSecrets, 'slug');
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

/** A world in which the group is there already, as after the first sync. */
async function newWorld({ services }: Bench, secrets: number, project?: 'slug'): Promise<World> {
  const world = await services.world(secrets, project);
  await runOnce(task, { world, services });
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
