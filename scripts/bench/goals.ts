import { latenciesMs, mostSecrets, usualSecrets, type Figure, type Figures, type Point } from './figures.js';
import { plainSync, task } from './subjects.js';

export interface Goal {
  what: string;
  goal: string;
  figure: string;
  holds: boolean;
}

/** The goals of the design, each beside what was measured. */
export function goalsFrom(figures: Figures): Goal[] {
  const { whole, bySlug, byLatency, peakMb, packageBytes } = figures;
  const own = of(whole, task.title);
  return [
    atMost('start: spawn to first request', own.startRatio?.median, { limit: 2, text: times }),
    atMost(`whole run, ${String(usualSecrets)} secrets, no latency`, own.wallRatio.median, {
      limit: 2.8,
      text: times,
    }),
    atMost('its peak memory', own.peakRatio.median, { limit: 1.8, text: times }),
    atMost('round trips that depend on each other', roundTrips(byLatency), { limit: 4, text: trips }),
    atMost('the same with a project slug', roundTrips(bySlug), { limit: 5, text: trips }),
    atMost('requests of a steady sync', own.requests, { limit: 7, text: String }),
    atMost('the same with a project slug', of(bySlug[0]?.figures ?? [], task.title).requests, {
      limit: 8,
      text: String,
    }),
    atMost(
      `the same with ${thousands(mostSecrets)} secrets`,
      at(figures.bySecrets, mostSecrets, task.title).requests,
      {
        limit: 7,
        text: String,
      },
    ),
    timeOfMost(figures),
    atMost(
      `peak memory of ${thousands(mostSecrets)} secrets, beside ${String(usualSecrets)}`,
      peakMb.most.median / peakMb.few.median,
      {
        limit: 1.5,
        text: times,
      },
    ),
    atMost('task script', packageBytes.script / 1_000, { limit: 250, text: kilobytes }),
    atMost('.vsix without the pictures of its page', packageBytes.extension / 1_000, {
      limit: 200,
      text: kilobytes,
    }),
  ];
}

/** 1.5 times the run of few secrets, plus what a script without any work of its own takes longer for the many. */
function timeOfMost({ bySecrets }: Figures): Goal {
  const wall = (secrets: number, title: string): number => at(bySecrets, secrets, title).wallMs.median;
  const transferMs = wall(mostSecrets, plainSync.title) - wall(usualSecrets, plainSync.title);
  const limit = 1.5 * wall(usualSecrets, task.title) + transferMs;
  return atMost(
    `${thousands(mostSecrets)} secrets: 1.5 times the run of ${String(usualSecrets)}, plus transfer`,
    wall(mostSecrets, task.title),
    { limit, text: milliseconds },
  );
}

/** How much longer a run takes for each millisecond that every answer comes later. */
function roundTrips(points: readonly Point[]): number {
  const wall = (ms: number): number => at(points, ms, task.title).wallMs.median;
  const [some, most] = [latenciesMs[0], latenciesMs[1]];
  return (wall(most) - wall(some)) / (most - some);
}

function atMost(
  what: string,
  figure: number | undefined,
  { limit, text }: { limit: number; text: (value: number) => string },
): Goal {
  const known = figure ?? NaN;
  // A round trip more or less is a whole one: what is behind the comma is the machine's.
  const compared = text === trips ? Math.round(known) : known;
  return { what, goal: `≤ ${text(limit)}`, figure: text(known), holds: compared <= limit };
}

function at(points: readonly Point[], value: number, title: string): Figure {
  return of(points.find((point) => point.at === value)?.figures ?? [], title);
}

export function of<T extends Figure>(figures: readonly T[], title: string): T {
  const found = figures.find((figure) => figure.title === title);
  if (found === undefined) throw new Error(`"${title}" was not measured.`);
  return found;
}

const times = (value: number): string => `${value.toFixed(2)} ×`;
const trips = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));
const kilobytes = (value: number): string => `${value.toFixed(0)} kB`;
const milliseconds = (value: number): string => `${value.toFixed(0)} ms`;
const thousands = (value: number): string => value.toLocaleString('en-US');
