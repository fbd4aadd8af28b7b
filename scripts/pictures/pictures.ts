import { createHash } from 'node:crypto';
import { demoInputs, runDemo } from '../demo/runs.js';
import { formPage, readTask } from '../form/page-file.js';
import { libraryPage, logPage, overviewPage, summaryPage } from './frames.js';

/** A picture of the Marketplace page or of the README, and all that it is made from. */
export interface Picture {
  /** From the root of the repository. */
  file: string;
  html: string;
  /** Of the window, in pixels. */
  width: number;
  /** What of the page is shown. */
  element: string;
  /** A script that brings the page into the state that is shown. */
  prepare: string;
}

/** Where `npm run pictures` says what each picture was made from. */
export const recordFile = 'images/pictures.json';

/** For each picture, fingerprints of what it was made from and of the picture itself. */
export type PictureRecord = Record<string, { madeFrom: string; picture: string }>;

/** Runs the demo and draws what it leaves; needs the packaged task, but no browser. */
export async function allPictures(): Promise<Picture[]> {
  const { runs, group } = await runDemo(() => undefined);
  // The sync after a change in Infisical: it has one of everything.
  const shown = runs.find(({ heading }) => heading.startsWith('4. '));
  if (shown === undefined) throw new Error('The demo has no fourth run.');
  const whole = { width: 880, element: 'main', prepare: '' };
  return [
    {
      file: 'images/form.png',
      html: await formPage(demoInputs),
      width: 1180,
      element: '.form',
      prepare: twoColumns,
    },
    // As wide as its longest line.
    { file: 'images/log.png', html: logPage(shown), ...whole, width: 1020 },
    { file: 'images/summary.png', html: summaryPage(shown), ...whole },
    { file: 'images/variable-group.png', html: libraryPage(group), ...whole },
    {
      file: 'docs/images/sync.png',
      html: overviewPage(readTask(), demoInputs, shown),
      ...whole,
      width: 1220,
    },
  ];
}

/** One column would be three screens long. Nothing is opened or closed: the picture shows what a person meets. */
const twoColumns = `
  document.getElementById('task-form').append(document.querySelector('aside'));
  document.head.append(Object.assign(document.createElement('style'), { textContent: \`
    main { max-width: none; }
    .panel { display: block; }
    #task-form { columns: 2; column-gap: 44px; }
    details, aside, .field { break-inside: avoid; }
    #group-options { border-top: 0; }
    aside { position: static; margin-top: 22px; }
  \` }));`;

/** Differs when anything differs that a picture is made from. */
export function madeFrom({ html, width, element, prepare }: Picture): string {
  const strange =
    /127\.0\.0\.1|localhost|\b\d{4}-\d\d-\d\d|\b\d\d:\d\d:\d\d\b|[0-9a-f]{8}-[0-9a-f]{4}-4/.exec(
      visibleText(html),
    );
  if (strange !== null)
    throw new Error(`A picture would show "${strange[0]}", which is another in each run or on each machine.`);
  return fingerprint(JSON.stringify([html, width, element, prepare]));
}

/** Scripts and definitions hold examples of addresses and IDs that are always the same. */
function visibleText(html: string): string {
  return html.replace(/<(script|style)[^>]*>[^]*?<\/\1>/g, '');
}

export function fingerprint(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
