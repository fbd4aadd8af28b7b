import { defaultsOf, type InputGroup, type TaskInput } from '../definition.js';
import { taskFieldId, type PageData } from '../page-data.js';
import { sampleConnections, sampleGroups, sampleProjects } from '../sample.js';
import { instanceName, missingLabels, stepYaml } from '../step.js';
import { validationMessage } from '../validation.js';
import { isShown, shownInputs } from '../visible-rule.js';
import { byId, element, withHtml } from './dom.js';
import { renderField, type Field, type FieldShape } from './field.js';
import { showText } from './output.js';

/** The form of the task, and beside it the YAML of what is filled in. */
export function showTaskForm({ task, help, values }: PageData): void {
  const initial = { ...defaultsOf(task.inputs), ...values };
  const fields = new Map(
    task.inputs.map((input) => [input.name, renderField(shapeOf(input, initial[input.name] ?? '', help))]),
  );
  const displayName = renderField({
    id: taskFieldId('displayName'),
    label: 'Display name',
    helpHtml: help[taskFieldId('displayName')] ?? '',
    kind: 'text',
    value: '',
    isRequired: true,
  });
  const groups = task.groups.map((group) => [group, renderGroup(group, task.inputs, fields)] as const);
  const about = withHtml(element('p', { class: 'about' }), help['task'] ?? '');
  byId('task-form').append(about, displayName.row, ...groups.map(([, section]) => section));

  let automaticName = '';
  const update = (): void => {
    const now = Object.fromEntries([...fields].map(([name, field]) => [name, field.value()]));
    const shown = shownInputs(task, now).map(({ name }) => name);
    for (const [name, { row }] of fields) row.hidden = !shown.includes(name);
    for (const [{ visibleRule }, section] of groups) section.hidden = !isShown(visibleRule, now);
    offerSamples(fields, now['azureDevOpsProject'] ?? '');
    const typed = displayName.value().trim();
    const isAutomatic = typed === '' || typed === automaticName;
    automaticName = instanceName(task, now).trim();
    if (isAutomatic) displayName.control.value = automaticName;
    showText('yaml', stepYaml(task, now, isAutomatic ? undefined : typed), missingLabels(task, now));
  };
  // Leaving the field, not typing in it: an emptied name would come back under the cursor.
  displayName.control.addEventListener('change', update);
  for (const { control } of fields.values()) control.addEventListener('input', update);
  for (const input of task.inputs) checkWhenLeft(input, fields.get(input.name));
  byId('connection-form').addEventListener('connection-named', (event) => {
    fields.get('infisicalConnection')?.offer([(event as CustomEvent<string>).detail]);
  });
  update();
}

/** Whoever still types hears nothing, except that it is right now. */
function checkWhenLeft({ validation }: TaskInput, field: Field | undefined): void {
  if (validation === undefined || field === undefined) return;
  const message = (): string => validationMessage(validation, field.value());
  field.control.addEventListener('change', () => {
    field.complain(message());
  });
  field.control.addEventListener('input', () => {
    if (message() === '') field.complain('');
  });
}

function shapeOf(input: TaskInput, value: string, help: PageData['help']): FieldShape {
  const id = taskFieldId(input.name);
  return {
    id,
    label: input.label,
    helpHtml: help[id] ?? '',
    kind: kindOf(input),
    value,
    isRequired: input.required === true,
    ...(input.options === undefined ? {} : { options: input.options }),
  };
}

function kindOf({ type, options, properties }: TaskInput): FieldShape['kind'] {
  if (type === 'boolean') return 'checkbox';
  if (type.startsWith('connectedService:')) return 'combo';
  if (type === 'pickList')
    return options === undefined || properties?.['EditableOptions'] === 'True' ? 'combo' : 'choice';
  return type === 'multiLine' ? 'lines' : 'text';
}

function renderGroup(
  group: InputGroup,
  inputs: readonly TaskInput[],
  fields: ReadonlyMap<string, Field>,
): HTMLElement {
  const rows = inputs
    .filter(({ groupName }) => groupName === group.name)
    .flatMap(({ name }) => fields.get(name)?.row ?? []);
  const heading = element('summary', {}, element('h3', {}, group.displayName));
  return element('details', { id: `group-${group.name}`, open: group.isExpanded }, heading, ...rows);
}

/** Groups are those of the chosen project; the first one is where the pipeline runs. */
function offerSamples(fields: ReadonlyMap<string, Field>, project: string): void {
  fields.get('azureDevOpsProject')?.offer(sampleProjects);
  fields
    .get('variableGroup')
    ?.offer(sampleGroups[project === '' ? (sampleProjects[0] ?? '') : project] ?? []);
  fields.get('azureDevOpsConnection')?.offer(sampleConnections['workloadidentityuser'] ?? []);
  fields.get('azureDevOpsTokenConnection')?.offer(sampleConnections['externaltfs'] ?? []);
}
