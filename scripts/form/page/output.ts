import { byId } from './dom.js';

/** Shows text to copy, and which required fields it still lacks. */
export function showText(id: string, text: string, missing: readonly string[]): void {
  byId(id).textContent = text;
  const status = missing.length === 0 ? '' : `Still empty: ${missing.join(', ')}`;
  const line = byId(`${id}-missing`);
  // Said again only when it changes, since a screen reader reads it aloud.
  if (line.textContent !== status) line.textContent = status;
}

export function enableCopying(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copies]')) {
    const source = byId(button.dataset['copies'] ?? '');
    const label = button.textContent;
    button.addEventListener('click', () => {
      void copy(source).then((isCopied) => {
        button.textContent = isCopied ? 'Copied' : 'Selected: press Ctrl+C';
        setTimeout(() => (button.textContent = label), 2000);
      });
    });
  }
}

/** Some browsers give a page from a file no clipboard; then the text is at least selected. */
async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    window.getSelection()?.selectAllChildren(source);
    return false;
  }
}
