import { createCanvas } from '@napi-rs/canvas';
import { Chart, registerables, type ChartConfiguration } from 'chart.js';
import type { Figures, Point } from './figures.js';

const size = { width: 900, height: 400 };
/** Of Okabe and Ito: told apart by everybody, in print, too. */
const colours = ['#009E73', '#0072B2', '#E69F00', '#D55E00'];
const font = { family: 'Open Sans, DejaVu Sans, Arial, sans-serif' };
const decades = (from: number, to: number): number[] => {
  const ticks: number[] = [];
  for (let tick = from; tick <= to; tick *= 10) ticks.push(tick);
  return ticks;
};

interface Axis {
  title: string;
  ticks: number[];
  type: 'linear' | 'logarithmic';
  min: number;
  max: number;
}

/**
 * One picture of two plots with one legend above both: time against the number of secrets, and against latency.
 * @returns a PNG
 */
export function drawPlots({ bySecrets, byLatency }: Figures): Buffer {
  Chart.register(...registerables);
  const canvas = createCanvas(size.width, 2 * size.height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  const secrets: Axis = {
    title: 'secrets',
    ticks: decades(10, 10_000),
    type: 'logarithmic',
    min: 10,
    max: 20_000,
  };
  const latency: Axis = {
    title: 'milliseconds until each answer, 50 secrets',
    ticks: byLatency.map(({ at }) => at),
    type: 'linear',
    min: 0,
    max: 100,
  };
  context.drawImage(drawn(bySecrets, secrets, true), 0, 0);
  context.drawImage(drawn(byLatency, latency, false), 0, size.height);
  return canvas.toBuffer('image/png');
}

function drawn(points: readonly Point[], axis: Axis, hasLegend: boolean) {
  const canvas = createCanvas(size.width, size.height);
  const titles = points[0]?.figures.map((figure) => figure.title) ?? [];
  const configuration: ChartConfiguration<'line', { x: number; y: number }[]> = {
    type: 'line',
    data: {
      datasets: titles.map((label, index) => ({
        label,
        data: points.flatMap(({ at, figures }) => {
          const figure = figures.find((each) => each.title === label);
          return figure === undefined ? [] : [{ x: at, y: figure.wallMs.median }];
        }),
        borderColor: colours[index] ?? '#000',
        backgroundColor: colours[index] ?? '#000',
        borderWidth: 2,
        pointRadius: 4,
      })),
    },
    options: {
      responsive: false,
      animation: false,
      font,
      layout: { padding: 12 },
      scales: {
        x: scaleOf(axis),
        y: scaleOf({
          title: 'whole run, ms',
          ticks: decades(10, 100_000),
          type: 'logarithmic',
          min: 10,
          max: 20_000,
        }),
      },
      plugins: { legend: { display: hasLegend, position: 'top', labels: { font } } },
    },
  };
  new Chart(canvas, configuration).draw();
  return canvas;
}

/** Of a logarithmic axis the decades are named, and nothing between them. */
function scaleOf({ title, ticks, type, min, max }: Axis) {
  return {
    type,
    min,
    max,
    title: { display: true, text: title, font },
    ticks: { font, callback: (value: number | string): string => Number(value).toLocaleString('en-US') },
    afterBuildTicks: (scale: { ticks: { value: number }[] }): void => {
      scale.ticks = ticks.filter((value) => value >= min && value <= max).map((value) => ({ value }));
    },
  };
}
