import type { ConnectionType, DataSourceBinding, TaskDefinition } from '../../scripts/form/definition.js';
import { instanceName } from '../../scripts/form/step.js';
import { parseValidation } from '../../scripts/form/validation.js';
import { parseRule } from '../../scripts/form/visible-rule.js';

/**
 * What the schema of task.json can't say: rules of the platform whose breach shows only at publishing, in an editor or
 * in a run, and those of our own that keep the form readable.
 */
export function formProblems(task: TaskDefinition): string[] {
  return [
    ...groupProblems(task),
    ...ruleProblems(task),
    ...textProblems(task),
    ...choiceProblems(task),
    ...pickerProblems(task),
    ...validationProblems(task),
    ...instanceNameProblems(task),
  ];
}

function groupProblems({ groups, inputs }: TaskDefinition): string[] {
  const order = groups.map(({ name }) => name);
  const places = inputs.map(({ groupName }) => order.indexOf(groupName));
  return [
    ...[groups, inputs].flatMap((list) =>
      repeated(list.map(({ name }) => name)).map((name) => `${name}: is there twice`),
    ),
    ...repeated(inputs.map(({ label }) => label)).map((label) => `"${label}": two inputs are called so`),
    ...inputs.flatMap(({ name }, index) => {
      const place = places[index] ?? -1;
      if (place === -1) return [`${name}: its group does not exist`];
      return place < (places[index - 1] ?? 0) ? [`${name}: stands after a later group`] : [];
    }),
  ];
}

function ruleProblems({ groups, inputs }: TaskDefinition): string[] {
  const rules = [...groups, ...inputs].flatMap(({ name, visibleRule }) =>
    visibleRule === undefined ? [] : [[name, visibleRule] as const],
  );
  const hiding = groups.filter(({ visibleRule }) => visibleRule !== undefined).map(({ name }) => name);
  return [
    ...rules.flatMap(([name, rule]) => oneRuleProblems(name, rule, inputs)),
    // The editor's schema exempts an input by its own rule, not by that of its group.
    ...inputs
      .filter(({ groupName, required, visibleRule }) => {
        return required === true && visibleRule === undefined && hiding.includes(groupName);
      })
      .map(({ name }) => `${name}: YAML asks for it even while its group is hidden`),
  ];
}

function oneRuleProblems(name: string, rule: string, inputs: TaskDefinition['inputs']): string[] {
  try {
    return parseRule(rule).conditions.flatMap(({ input, wanted }) => {
      const found = inputs.find((candidate) => candidate.name === input);
      if (found === undefined) return [`${name}: its rule asks for "${input}", which does not exist`];
      if (found.name === name) return [`${name}: its rule asks for itself`];
      const values = found.type === 'boolean' ? ['true', 'false'] : Object.keys(found.options ?? {});
      return values.includes(wanted)
        ? []
        : [`${name}: its rule waits for "${wanted}", which "${input}" never is`];
    });
  } catch (error) {
    return [`${name}: its rule ${error instanceof Error ? error.message : ''}`];
  }
}

const longestLabel = 50;
const longestHelp = 400;

function textProblems({ inputs }: TaskDefinition): string[] {
  return inputs.flatMap(({ name, label, type, helpMarkDown }) => [
    ...(label.length > longestLabel ? [`${name}: its label is too long to stand in a line`] : []),
    ...(helpMarkDown.length > longestHelp ? [`${name}: its help is too long for a tooltip`] : []),
    ...(type === 'boolean' || /for example|`/.test(helpMarkDown) ? [] : [`${name}: its help has no example`]),
    ...(/<(?!br>)/.test(helpMarkDown) ? [`${name}: its help holds HTML`] : []),
    ...linkProblems(name, helpMarkDown),
  ]);
}

function choiceProblems({ inputs }: TaskDefinition): string[] {
  return inputs.flatMap(({ name, type, options, defaultValue, properties }) => [
    ...(options !== undefined && defaultValue !== undefined && !(defaultValue in options)
      ? [`${name}: its default is no option`]
      : []),
    // What a rule can't name, a rule can't use.
    ...Object.keys(options ?? {})
      .filter((option) => !/^[A-Za-z][A-Za-z0-9]*$/.test(option))
      .map((option) => `${name}: no rule can name the option "${option}"`),
    ...(properties !== undefined && type !== 'pickList'
      ? [`${name}: only a pickList has such properties`]
      : []),
  ]);
}

function pickerProblems({ inputs, dataSourceBindings = [] }: TaskDefinition): string[] {
  const targets = dataSourceBindings.map(({ target }) => target);
  const empty = inputs.filter(({ type, options }) => type === 'pickList' && options === undefined);
  return [
    ...repeated(targets).map((target) => `${target}: two bindings fill it`),
    ...empty
      .filter(({ name }) => !targets.includes(name))
      .map(({ name }) => `${name}: nothing fills its list`),
    ...dataSourceBindings.flatMap((binding) => bindingProblems(binding, inputs)),
  ];
}

function bindingProblems(binding: DataSourceBinding, inputs: TaskDefinition['inputs']): string[] {
  const { target, endpointId, endpointUrl, parameters = {} } = binding;
  const input = inputs.find(({ name }) => name === target);
  const asked = Object.values(parameters).map((value) => /^\$\((\w+)\)$/.exec(value)?.[1]);
  const paging = ['initialContextTemplate', 'callbackContextTemplate', 'callbackRequiredTemplate'] as const;
  const given = paging.filter((name) => binding[name] !== undefined).length;
  return [
    ...(input === undefined ? [`${target}: a binding fills it, but it does not exist`] : []),
    ...(input?.type === 'pickList' ? [] : [`${target}: only a pickList can be filled`]),
    // A new group, another organization or $(variable) has to be typed.
    ...(input?.properties?.['EditableOptions'] === 'True' ? [] : [`${target}: nothing can be typed`]),
    ...(endpointId === 'tfs:teamfoundation' ? [] : [`${target}: is not asked of this organization`]),
    ...(/^\{\{\{?endpoint\.url\}?\}\}\//.test(endpointUrl)
      ? []
      : [`${target}: its address has no beginning`]),
    ...(asked.every((name) => inputs.some((candidate) => candidate.name === name))
      ? []
      : [`${target}: its address asks for an input that does not exist`]),
    ...(given === 0 || given === paging.length ? [] : [`${target}: paging needs all three templates`]),
    ...(isRow(binding.resultTemplate) ? [] : [`${target}: its rows are not Value and DisplayValue`]),
  ];
}

function isRow(template: string): boolean {
  try {
    const row = JSON.parse(template.replace(/\{\{\{?\w+\}?\}\}/g, 'x')) as object;
    return Object.keys(row).join() === 'Value,DisplayValue';
  } catch {
    return false;
  }
}

/** Only plain text fields, as in Microsoft's own tasks: no check was seen to run on a multiLine input. */
function validationProblems({ inputs }: TaskDefinition): string[] {
  return inputs.flatMap(({ name, type, defaultValue = '', validation }) => {
    if (validation === undefined) return [];
    if (type !== 'string') return [`${name}: only a text field can be checked`];
    try {
      const fits = parseValidation(validation.expression).test(defaultValue);
      return fits ? [] : [`${name}: its own default would be refused`];
    } catch (error) {
      return [`${name}: its check ${error instanceof Error ? error.message : ''}`];
    }
  });
}

/** The title has to hold up when fields are empty, and a hidden field keeps a value that no longer counts. */
function instanceNameProblems(task: TaskDefinition): string[] {
  const named = [...task.instanceNameFormat.matchAll(/\$\(([^)]*)\)/g)].map((match) => match[1] ?? '');
  const inputs = named.map((name) => [name, task.inputs.find((input) => input.name === name)] as const);
  const hidden = inputs.filter(([, input]) =>
    [input, task.groups.find(({ name }) => name === input?.groupName)].some(
      (part) => part?.visibleRule !== undefined,
    ),
  );
  const empty = instanceName(task, {}).trimEnd();
  return [
    ...inputs
      .filter(([, input]) => input?.type !== 'string' && input?.type !== 'pickList')
      .map(([name]) => `instanceNameFormat: "${name}" is no text`),
    ...hidden.map(([name]) => `instanceNameFormat: "${name}" may be hidden`),
    ...(/^[A-Za-z]+(?::? [A-Za-z]+)*$/.test(empty)
      ? []
      : [`instanceNameFormat: is "${empty}" when all is empty`]),
  ];
}

const schemes: Readonly<Record<string, readonly string[]>> = {
  basic: ['username', 'password'],
  token: ['apitoken'],
  none: [],
  cert: ['certificate'],
};

/** What the platform wants of a service connection type, and what keeps its form readable. */
export function connectionProblems({
  inputDescriptors: common,
  authenticationSchemes,
  dataSources,
  url,
  helpMarkDown,
}: ConnectionType): string[] {
  const types = authenticationSchemes.map(({ type }) =>
    type.replace('ms.vss-endpoint.endpoint-auth-scheme-', ''),
  );
  return [
    ...repeated(types).map((type) => `${type}: is there twice`),
    ...types.filter((type) => !(type in schemes)).map((type) => `${type}: is not ours to use`),
    ...(dataSources === undefined ? [] : ['dataSources: promise a check that none of the schemes keeps']),
    ...(url.isVisible === 'true' ? [] : ['url: is hidden']),
    ...linkProblems('helpMarkDown', helpMarkDown),
    ...linkProblems('url', url.helpText),
    ...common.flatMap((input) => descriptorProblems('every scheme', input)),
    ...authenticationSchemes.flatMap(({ displayName, inputDescriptors }, index) => {
      const ids = inputDescriptors.map(({ id }) => id);
      return [
        ...repeated(ids).map((id) => `${displayName}: ${id} is there twice`),
        ...(schemes[types[index] ?? ''] ?? [])
          .filter((id) => !ids.includes(id))
          .map((id) => `${displayName}: Azure DevOps would add its own "${id}"`),
        ...inputDescriptors.flatMap((input) => descriptorProblems(displayName, input)),
      ];
    }),
  ];
}

function descriptorProblems(
  scheme: string,
  { id, name, description, inputMode, isConfidential }: ConnectionType['inputDescriptors'][number],
): string[] {
  const isHidden = /^passwordbox$/i.test(inputMode) || (/^textarea$/i.test(inputMode) && isConfidential);
  return [
    ...(isHidden === isConfidential ? [] : [`${scheme}: ${id} is shown otherwise than it is kept`]),
    ...(name.length > longestLabel || description === '' ? [`${scheme}: ${id} does not say what it is`] : []),
    ...linkProblems(`${scheme}: ${id}`, description),
  ];
}

/** Links in Markdown and in HTML lead to the documentation of the two products, and nowhere else. */
function linkProblems(name: string, text: string): string[] {
  const links = [...text.matchAll(/(?:\]\(|href=")([^)"]*)/g)].map((match) => match[1] ?? '');
  return links
    .filter((link) => !/^https:\/\/(?:infisical\.com\/docs|learn\.microsoft\.com)\//.test(link))
    .map((link) => `${name}: links to "${link}"`);
}

function repeated(names: readonly string[]): string[] {
  const lower = names.map((name) => name.toLowerCase());
  return names.filter((_, index) => lower.indexOf(lower[index] ?? '') !== index);
}
