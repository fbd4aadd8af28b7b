import type { InputDescriptor } from '../definition.js';
import { connectionFieldId, type PageData } from '../page-data.js';
import { stringify } from 'yaml';
import { byId, element, withHtml } from './dom.js';
import { renderField, type Field, type FieldShape } from './field.js';
import { showText } from './output.js';

/** What Azure DevOps asks for in every service connection. */
const general = [
  { id: 'name', label: 'Service connection name', kind: 'text', value: 'infisical', isRequired: true },
  { id: 'description', label: 'Description (optional)', kind: 'lines', value: '', isRequired: false },
  {
    id: 'allPipelines',
    label: 'Grant access permission to all pipelines',
    kind: 'checkbox',
    value: 'false',
    isRequired: false,
  },
] as const;

/** The form of the service connection, and beside it how a step names it. */
export function showConnectionForm({ connection, help }: PageData): void {
  const { url, inputDescriptors, authenticationSchemes: schemes } = connection;
  const field = (id: string, shape: Omit<FieldShape, 'id' | 'helpHtml' | 'helpBelow'>): Field => {
    const fieldId = connectionFieldId('', id);
    return renderField({ ...shape, id: fieldId, helpHtml: help[fieldId] ?? '', helpBelow: true });
  };
  const scheme = field('scheme', {
    label: 'Authentication method',
    kind: 'choice',
    value: schemes[0]?.displayName ?? '',
    isRequired: true,
    options: Object.fromEntries(schemes.map(({ displayName }) => [displayName, displayName])),
  });
  const address = field('url', {
    label: url.displayName,
    kind: 'text',
    value: url.value,
    isRequired: true,
  });
  const common = inputDescriptors.map((descriptor) => inputField('', descriptor, help));
  const inputs = schemes.flatMap((of) =>
    of.inputDescriptors
      .filter(isShown)
      .map((descriptor) => ({ of, field: inputField(of.displayName, descriptor, help) })),
  );
  const others = general.map(({ id, ...shape }) => field(id, shape));
  const about = withHtml(element('p', { class: 'about' }), help['connection'] ?? '');
  const form = byId('connection-form');
  const all = [scheme, address, ...common, ...inputs.map((input) => input.field), ...others];
  form.append(...all.map(({ row }) => row), about);

  const update = (): void => {
    for (const {
      of,
      field: { row },
    } of inputs)
      row.hidden = of.displayName !== scheme.value();
    const missing = all.filter(({ row, control }) => !row.hidden && control.required && control.value === '');
    const name = others[0]?.value() ?? '';
    form.dispatchEvent(new CustomEvent('connection-named', { detail: name }));
    showText('connection-yaml', stringify({ infisicalConnection: name }), missing.map(labelOf));
  };
  for (const { control } of all) control.addEventListener('input', update);
  update();
}

function inputField(scheme: string, descriptor: InputDescriptor, help: PageData['help']): Field {
  const { id, name, validation, values } = descriptor;
  const fieldId = connectionFieldId(scheme, id);
  const options = values?.possibleValues?.map(({ value, displayValue }) => [value, displayValue] as const);
  return renderField({
    id: fieldId,
    label: name,
    helpHtml: help[fieldId] ?? '',
    helpBelow: true,
    kind: kindOf(descriptor),
    value: values?.defaultValue ?? '',
    isRequired: validation.isRequired,
    ...(options === undefined ? {} : { options: Object.fromEntries(options) }),
  });
}

/** An inherited field is hidden by being disabled. */
function isShown({ values }: InputDescriptor): boolean {
  return values?.isDisabled !== true;
}

function kindOf({ inputMode, isConfidential }: InputDescriptor): FieldShape['kind'] {
  const mode = inputMode.toLowerCase();
  if (mode === 'combo') return 'choice';
  if (mode === 'textarea') return isConfidential ? 'secretLines' : 'lines';
  return isConfidential ? 'password' : 'text';
}

function labelOf({ control }: Field): string {
  return control.labels?.[0]?.firstChild?.textContent ?? control.id;
}
