import MarkdownIt from 'markdown-it';

const style = `
  :root { color-scheme: light dark; --line: #d8dde3; --soft: #5b6672; --ground: #f4f6f8; --card: #fff; --ink: #1b1f24; --code: #eef2f6; }
  @media (prefers-color-scheme: dark) {
    :root { --line: #3a424c; --soft: #9aa6b2; --ground: #15181c; --card: #1e2328; --ink: #e6e9ec; --code: #2a3138; }
  }
  body { margin: 0; padding: 2rem 1rem; background: var(--ground); color: var(--ink); font: 15px/1.55 'Segoe UI', system-ui, sans-serif; }
  main { max-width: 54rem; margin: 0 auto; }
  h1 { font-size: 1.5rem; } h1 + p { color: var(--soft); }
  section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .4rem 1.4rem 1.2rem; margin: 1.4rem 0; overflow-x: auto; }
  section > h3 { color: var(--soft); font-size: .85rem; font-weight: 600; letter-spacing: .04em; text-transform: uppercase; }
  h2 { font-size: 1.2rem; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0; } th { text-align: left; color: var(--soft); font-weight: 600; }
  th, td { padding: .4rem .7rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
  code { background: var(--code); border-radius: 4px; padding: .1rem .35rem; font-size: .9em; }
  pre { background: var(--code); border-radius: 6px; padding: .7rem 1rem; overflow-x: auto; }
  pre code { background: none; padding: 0; }
  blockquote { margin: .8rem 0; padding: .2rem 1rem; border-left: 4px solid #e0a800; background: var(--code); border-radius: 0 6px 6px 0; }
`;

/** One page with the run summaries as Azure Pipelines would show them. */
export function renderPage(
  title: string,
  summaries: readonly { heading: string; summary: string }[],
): string {
  const markdown = new MarkdownIt();
  const sections = summaries.map(
    ({ heading, summary }) =>
      `<section><h3>${markdown.utils.escapeHtml(heading)}</h3>\n${markdown.render(summary)}</section>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${markdown.utils.escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body><main>
<h1>${markdown.utils.escapeHtml(title)}</h1>
<p>Each run shows this on its summary page. It has names and reasons, but never a value.</p>
${sections.join('\n')}
</main></body>
</html>
`;
}
