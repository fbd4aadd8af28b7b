import { element, withHtml } from './dom.js';

/** One field of a form, whatever form it is. */
export interface FieldShape {
  id: string;
  label: string;
  helpHtml: string;
  kind: 'text' | 'password' | 'lines' | 'secretLines' | 'checkbox' | 'choice' | 'combo';
  value: string;
  isRequired: boolean;
  /** Value → label. */
  options?: Readonly<Record<string, string>>;
  /** The task's form keeps its help behind a button, the service connection's shows it below the field. */
  helpBelow?: boolean;
}

export interface Field {
  row: HTMLElement;
  control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
  value(): string;
  /** What a picker offers from now on. */
  offer(names: readonly string[]): void;
  /** Says below the field what is wrong with it; an empty text means nothing is. */
  complain(message: string): void;
}

export function renderField(shape: FieldShape): Field {
  const { id, label, kind, isRequired } = shape;
  const control = controlOf(shape);
  const isBox = control instanceof HTMLInputElement && kind === 'checkbox';
  const mark = isRequired ? [element('span', { class: 'required', 'aria-hidden': 'true' }, ' *')] : [];
  const caption = element('label', { for: id }, label, ...mark);
  const list = element('datalist', { id: `${id}-list` });
  const offer = (names: readonly string[]): void => {
    list.replaceChildren(...names.map((name) => element('option', { value: name })));
  };
  if (kind === 'combo') {
    control.setAttribute('list', list.id);
    const options = Object.entries(shape.options ?? {});
    list.append(...options.map(([value, text]) => element('option', { value, label: text })));
  }
  const below = shape.helpBelow === true;
  const help = below ? [] : renderHelp(shape);
  const head = element('div', { class: 'head' }, ...(isBox ? [control] : []), caption, ...help);
  const row = element('div', { class: `field ${kind}`, id: `${id}-row` }, head);
  if (!isBox) row.append(control);
  if (kind === 'combo') row.append(list);
  if (below) row.append(withHtml(element('div', { id: `${id}-help`, class: 'below' }), shape.helpHtml));
  const problem = element('p', { id: `${id}-problem`, class: 'problem', role: 'alert' });
  row.append(problem);
  const complain = (message: string): void => {
    // Said again only when it changes, since a screen reader reads it aloud.
    if (problem.textContent !== message) problem.textContent = message;
    control.setAttribute('aria-invalid', String(message !== ''));
    if (message === '') control.removeAttribute('aria-errormessage');
    else control.setAttribute('aria-errormessage', problem.id);
  };
  return { row, control, value: () => (isBox ? String(control.checked) : control.value), offer, complain };
}

function controlOf(shape: FieldShape): Field['control'] {
  const { id, kind, value, isRequired } = shape;
  const common = {
    id,
    name: id,
    required: isRequired && kind !== 'checkbox',
    'aria-describedby': `${id}-help`,
    autocomplete: 'off',
    spellcheck: 'false',
  };
  if (kind === 'choice') {
    const options = Object.entries(shape.options ?? {}).map(([key, text]) =>
      element('option', { value: key, selected: key === value }, text),
    );
    return element('select', common, ...options);
  }
  if (kind === 'lines' || kind === 'secretLines') return element('textarea', { ...common, rows: '2' }, value);
  if (kind === 'checkbox')
    return element('input', { ...common, type: 'checkbox', checked: value === 'true' });
  // A password field that browsers offer to fill with somebody's own password is of no use here.
  const autocomplete = kind === 'password' ? 'new-password' : 'off';
  return element('input', {
    ...common,
    autocomplete,
    type: kind === 'password' ? 'password' : 'text',
    value,
  });
}

/** The button opens the text for mouse and keyboard; a screen reader gets it with the field itself. */
function renderHelp({ id, label, helpHtml }: FieldShape): HTMLElement[] {
  const text = withHtml(element('div', { id: `${id}-help`, class: 'help', popover: 'auto' }), helpHtml);
  const button = element(
    'button',
    { type: 'button', class: 'info', popovertarget: text.id, 'aria-label': `About ${label}` },
    'i',
  );
  text.addEventListener('beforetoggle', () => {
    const { left, bottom } = button.getBoundingClientRect();
    const width = Math.min(360, document.documentElement.clientWidth - 24);
    const furthest = document.documentElement.clientWidth - width - 12;
    text.style.width = `${String(width)}px`;
    text.style.left = `${String(Math.max(12, Math.min(left - 16, furthest)))}px`;
    text.style.top = `${String(bottom + 6)}px`;
  });
  text.addEventListener('toggle', () => {
    const { top } = button.getBoundingClientRect();
    const { bottom, height } = text.getBoundingClientRect();
    if (bottom > window.innerHeight) text.style.top = `${String(Math.max(6, top - height - 6))}px`;
  });
  return [button, text];
}
