import {
  comparedAt,
  latenciesMs,
  usualSecrets,
  type Compared,
  type Figure,
  type Figures,
  type Point,
} from './figures.js';
import { plainSync, sdkSync, task, unchangedTask, type Subject } from './subjects.js';

export interface Goal {
  what: string;
  goal: string;
  figure: string;
  holds: boolean;
}

/** The goals, each beside what was measured. `×` is beside the plain sync of the same run. */
export function goalsFrom(figures: Figures): Goal[] {
  const { bySlug, byLatency, packageBytes } = figures;
  const [usual, many, most] = comparedAt;
  const requests = (at: number): number => own(figures, at, false).requests;
  return [
    ...comparedAt.flatMap((secrets) => wholeRuns(figures, secrets)),
    atMost(`processor time, ${thousands(usual)} secrets`, own(figures, usual, false).cpuRatio.median, {
      limit: 1.6,
      text: times,
    }),
    ...[many, most].map((secrets) =>
      atMost(`peak memory, ${thousands(secrets)} secrets`, own(figures, secrets, false).peakRatio.median, {
        limit: 1.2,
        text: times,
      }),
    ),
    ...comparedAt.map((secrets) => unchangedRuns(figures, secrets)),
    growth(figures),
    besideSdk(figures),
    atMost('round trips that depend on each other', roundTrips(byLatency), { limit: 4, text: trips }),
    atMost('the same with a project slug', roundTrips(bySlug), { limit: 5, text: trips }),
    atMost('requests of a steady sync', requests(usual), { limit: 8, text: String }),
    atMost(`the same with ${thousands(most)} secrets`, requests(most), { limit: 8, text: String }),
    atMost('task script', packageBytes.script / 1_000, { limit: 270, text: kilobytes }),
    atMost('.vsix without the pictures of its page', packageBytes.extension / 1_000, {
      limit: 200,
      text: kilobytes,
    }),
  ];
}

function wholeRuns(figures: Figures, secrets: number): Goal[] {
  return [false, true].map((tls) =>
    atMost(
      `whole run, ${thousands(secrets)} secrets${tls ? ', TLS' : ''}`,
      own(figures, secrets, tls).wallRatio.median,
      { limit: secrets === usualSecrets ? 1.45 : 1.4, text: times },
    ),
  );
}

/** What a run takes that finds everything as it was written, beside one that writes. */
function unchangedRuns(figures: Figures, secrets: number): Goal {
  const wall = (subject: Subject): number => own(figures, secrets, false, subject).wallRatio.median;
  return atMost(
    `a run without a change beside one that writes, ${thousands(secrets)} secrets`,
    wall(unchangedTask) / wall(task),
    { limit: 1, text: times },
  );
}

/** What the task takes beyond the plain sync, for each further secret: up to the middle size, and from there on. */
function growth({ bySecrets }: Figures): Goal {
  const ownMs = (secrets: number): number =>
    at(bySecrets, secrets, task.title).wallMs.median - at(bySecrets, secrets, plainSync.title).wallMs.median;
  const perSecret = (from: number, to: number): number => (ownMs(to) - ownMs(from)) / (to - from);
  const [, many, most] = comparedAt;
  // A tenth is what such a slope varies by from one bench to the next.
  return atMost(
    `its own time for a secret, ${thousands(many)} to ${thousands(most)} beside 1,000 to ${thousands(many)}`,
    perSecret(many, most) / perSecret(1_000, many),
    { limit: 1.1, text: times },
  );
}

/** At the size where the task does worst. */
function besideSdk({ bySecrets }: Figures): Goal {
  const ratios = bySecrets.map(
    ({ at: secrets }) =>
      at(bySecrets, secrets, task.title).wallMs.median / at(bySecrets, secrets, sdkSync.title).wallMs.median,
  );
  return atMost(`whole run beside ${sdkSync.title}, at every size`, Math.max(...ratios), {
    limit: 1,
    text: times,
  });
}

/** How much longer a run takes for each millisecond that every answer comes later. */
function roundTrips(points: readonly Point[]): number {
  const wall = (ms: number): number => at(points, ms, task.title).wallMs.median;
  const [some, most] = [latenciesMs[0], latenciesMs[1]];
  return (wall(most) - wall(some)) / (most - some);
}

function atMost(
  what: string,
  figure: number,
  { limit, text }: { limit: number; text: (value: number) => string },
): Goal {
  // A round trip more or less is a whole one: what is behind the comma is the machine's.
  const compared = text === trips ? Math.round(figure) : figure;
  return { what, goal: `≤ ${text(limit)}`, figure: text(figure), holds: compared <= limit };
}

function own({ comparisons }: Figures, secrets: number, tls: boolean, { title } = task): Compared {
  const found = comparisons.find((comparison) => comparison.secrets === secrets && comparison.tls === tls);
  return of(found?.compared ?? [], title);
}

function at(points: readonly Point[], value: number, title: string): Figure {
  return of(points.find((point) => point.at === value)?.figures ?? [], title);
}

function of<T extends Figure>(figures: readonly T[], title: string): T {
  const found = figures.find((figure) => figure.title === title);
  if (found === undefined) throw new Error(`"${title}" was not measured.`);
  return found;
}

const times = (value: number): string => `${value.toFixed(2)} ×`;
const trips = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));
const kilobytes = (value: number): string => `${value.toFixed(0)} kB`;
const thousands = (value: number): string => value.toLocaleString('en-US');
