import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import type { DemoRun, ShownGroup } from '../demo/runs.js';
import { defaultsOf, type TaskDefinition, type Values } from '../form/definition.js';
import { root } from '../shared/paths.js';

/** Pages of Azure DevOps around what the demo really left, as far as a picture needs them. */

const markdown = new MarkdownIt();
const text = (content: string): string => markdown.utils.escapeHtml(content);

/**
 * The log of a step from below the agent's banner, which is the same in every run: each line with its number. What the
 * agent marks as a warning is coloured, the mark itself is not shown.
 */
export function logPage({ heading, log }: DemoRun): string {
  const lines = log.trimEnd().split('\n');
  const banner = lines.findLastIndex((line) => /^=+$/.test(line)) + 1;
  const shown = lines.slice(banner).filter((line) => !line.startsWith('##[section]Finishing'));
  const items = shown.map((line) => {
    const [, kind = '', content = ''] = /^(?:##\[(\w+)\])?(.*)$/.exec(line) ?? [];
    return `<li class="${kind}">${text(content)}</li>`;
  });
  return page(
    ['Pipelines', 'nightly'],
    `<div class="log"><h2><span class="done">✓</span> ${text(withoutNumber(heading))}</h2>
<ol start="${String(banner + 1)}">${items.join('')}</ol></div>`,
  );
}

/** The page of a run, where summaries of tasks stand. */
export function summaryPage({ summary }: DemoRun): string {
  return page(
    ['Pipelines', 'nightly'],
    `${tabs(['Summary', 'Extensions'], 'Extensions')}<article>${markdown.render(summary)}</article>`,
  );
}

/** What a person fills in for a first sync, beside the connection. */
const filledIn = ['infisicalProject', 'environment', 'secretPath', 'destination', 'variableGroup'];

/** What is filled in, and what a run makes of it, side by side. */
export function overviewPage(task: TaskDefinition, values: Values, { summary }: DemoRun): string {
  const all = { ...defaultsOf(task.inputs), ...values };
  const groups = task.groups.map(({ name: group, displayName }) => {
    const fields = task.inputs
      .filter(({ name, groupName }) => groupName === group && filledIn.includes(name))
      .map(({ name, label, options }) => {
        const value = all[name] ?? '';
        return `<label>${text(label)}<output>${text(options?.[value] ?? value)}</output></label>`;
      });
    return fields.length === 0 ? '' : `<h3>${text(displayName)}</h3>${fields.join('')}`;
  });
  return document(
    `<main class="pair"><section><h2>${text(task.friendlyName)}</h2>${groups.join('')}</section>
<i>→</i><article>${markdown.render(summary)}</article></main>`,
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
  return document(`<main><header>${crumbs.join('<i>/</i>')}</header>${body}</main>`);
}

function document(body: string): string {
  const style = readFileSync(join(root, 'scripts/pictures/style.css'), 'utf8');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Picture</title><style>${style}</style></head>
<body>${body}</body></html>
`;
}

/** The runs of the demo are numbered; one picture of them is not. */
function withoutNumber(heading: string): string {
  return heading.replace(/^\d+\. /, '');
}

/** They are different in every run, and a picture is not. */
function withoutPrints(description: string): string {
  return description.replace(/(\[infisical-sync-record: \S+ ).*\]/, '$1…]');
}
