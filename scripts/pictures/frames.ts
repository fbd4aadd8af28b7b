import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import type { DemoRun, ShownGroup } from '../demo/runs.js';
import { root } from '../shared/paths.js';

/** Pages of Azure DevOps around what the demo really left, as far as a picture needs them. */

const markdown = new MarkdownIt();
const text = (content: string): string => markdown.utils.escapeHtml(content);

/** The log of a step: what the agent marks as a section is coloured, the mark itself is not shown. */
export function logPage({ heading, log }: DemoRun): string {
  const lines = log.split('\n').map((line) => {
    const [, kind = '', content = ''] = /^(?:##\[(\w+)\])?(.*)$/.exec(line) ?? [];
    return `<li class="${kind}">${text(content)}</li>`;
  });
  return page(
    ['Pipelines', 'nightly'],
    `<div class="log"><h2><span class="done">✓</span> ${text(heading)}</h2><ol>${lines.join('')}</ol></div>`,
  );
}

/** The page of a run, where summaries of tasks stand. */
export function summaryPage({ summary }: DemoRun): string {
  return page(
    ['Pipelines', 'nightly'],
    `${tabs(['Summary', 'Extensions'], 'Extensions')}<article>${markdown.render(summary)}</article>`,
  );
}

/** The page of a variable group: a secret is stars and a closed lock. */
export function libraryPage({ name, project, description, variables }: ShownGroup): string {
  const rows = variables.map(({ name: variable, value }) => {
    const isSecret = value === undefined;
    const lock = `<td class="lock ${isSecret ? 'closed' : 'open'}">${isSecret ? closedLock : openLock}</td>`;
    return `<tr><td>${text(variable)}</td><td>${isSecret ? '********' : text(value)}</td>${lock}</tr>`;
  });
  return page(
    ['Pipelines', 'Library', name],
    `${tabs(['Variable group', 'Save', 'Security', 'Pipeline permissions'], 'Variable group')}
<h2>Properties</h2>
<label>Variable group name<output>${text(name)}</output></label>
<label>Description<output>${text(withoutPrints(description))}</output></label>
<h2>Variables</h2>
<table class="variables"><thead><tr><th>Name ↑</th><th>Value</th><th></th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
    project,
  );
}

const lock = (shackle: string): string =>
  `<svg viewBox="0 0 16 16" width="15" height="15"><path d="${shackle}" fill="none" stroke="currentColor" stroke-width="1.4"/><rect x="3" y="7" width="10" height="7" rx="1" fill="currentColor"/></svg>`;
const closedLock = lock('M5 7V4.5a3 3 0 0 1 6 0V7');
const openLock = lock('M5 7V4.5a3 3 0 0 1 5.8-1');

function tabs(names: readonly string[], chosen: string): string {
  const items = names.map((name) => `<span${name === chosen ? ' class="chosen"' : ''}>${text(name)}</span>`);
  return `<nav class="tabs">${items.join('')}</nav>`;
}

function page(path: readonly string[], body: string, project = 'Shop'): string {
  const crumbs = ['example-org', project, ...path].map((crumb) => `<span>${text(crumb)}</span>`);
  const style = readFileSync(join(root, 'scripts/pictures/style.css'), 'utf8');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Picture</title><style>${style}</style></head>
<body><main><header>${crumbs.join('<i>/</i>')}</header>${body}</main></body></html>
`;
}

/** They are different in every run, and a picture is not. */
function withoutPrints(description: string): string {
  return description.replace(/(\[infisical-sync-record: \S+ ).*\]/, '$1…]');
}
