import { createCanvas } from '@napi-rs/canvas';
import { Chart, registerables, type ChartConfiguration } from 'chart.js';
import type { Figures, Point } from './figures.js';

const size = { width: 900, height: 420 };
/** Of Okabe and Ito: told apart by everybody, in print, too. */
const colours = ['#009E73', '#0072B2', '#E69F00', '#D55E00'];
const font = { family: 'Open Sans, DejaVu Sans, Arial, sans-serif' };

/** Two plots, one below the other: time against the number of secrets, and against latency. @returns a PNG */
export function drawPlots({ bySecrets, byLatency }: Figures): Buffer {
  Chart.register(...registerables);
  const canvas = createCanvas(size.width, 2 * size.height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawn(bySecrets, 'secrets (both axes logarithmic; no latency)', 'logarithmic'), 0, 0);
  context.drawImage(
    drawn(byLatency, 'milliseconds until each answer (50 secrets; time logarithmic)', 'linear'),
    0,
    size.height,
  );
  return canvas.toBuffer('image/png');
}

function drawn(points: readonly Point[], title: string, across: 'linear' | 'logarithmic') {
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
        x: { type: across, title: { display: true, text: title, font } },
        y: { type: 'logarithmic', title: { display: true, text: 'whole run, ms', font } },
      },
      plugins: { legend: { position: 'top', labels: { font } } },
    },
  };
  new Chart(canvas, configuration).draw();
  return canvas;
}
