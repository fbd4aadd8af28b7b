/** What the two forms are made of, as task.json and vss-extension.json hold it. */

export interface TaskInput {
  name: string;
  type: string;
  label: string;
  groupName: string;
  helpMarkDown: string;
  required?: boolean;
  defaultValue?: string;
  visibleRule?: string;
  options?: Record<string, string>;
  properties?: Record<string, string>;
  validation?: InputValidation;
}

/** What an editor says to a value that does not fit. It holds up nobody else: the task itself checks every input. */
export interface InputValidation {
  expression: string;
  message: string;
}

export interface InputGroup {
  name: string;
  displayName: string;
  isExpanded: boolean;
  visibleRule?: string;
}

export interface DataSourceBinding {
  target: string;
  endpointId: string;
  endpointUrl: string;
  resultSelector: string;
  resultTemplate: string;
  parameters?: Record<string, string>;
  initialContextTemplate?: string;
  callbackContextTemplate?: string;
  callbackRequiredTemplate?: string;
}

export interface TaskDefinition {
  name: string;
  friendlyName: string;
  description: string;
  helpMarkDown: string;
  version: { Major: number };
  instanceNameFormat: string;
  groups: InputGroup[];
  inputs: TaskInput[];
  dataSourceBindings?: DataSourceBinding[];
}

/** What a field offers, and whether the form shows it at all. */
export interface InputValues {
  inputId: string;
  defaultValue?: string;
  isDisabled?: boolean;
  isLimitedToPossibleValues?: boolean;
  possibleValues?: { value: string; displayValue: string }[];
}

export interface InputDescriptor {
  id: string;
  name: string;
  description: string;
  inputMode: string;
  isConfidential: boolean;
  valueHint?: string;
  validation: { isRequired: boolean; dataType: string; maxLength?: number };
  values?: InputValues;
}

export interface AuthenticationScheme {
  type: string;
  displayName: string;
  headers?: { name: string; value: string }[];
  inputDescriptors: InputDescriptor[];
}

export interface ConnectionType {
  name: string;
  displayName: string;
  url: { displayName: string; value: string; helpText: string; isVisible: string };
  inputDescriptors: InputDescriptor[];
  authenticationSchemes: AuthenticationScheme[];
  dataSources?: { name: string }[];
  helpMarkDown: string;
}

/** What is in the fields of a form, by name. */
export type Values = Readonly<Record<string, string>>;

/** What a form shows before anybody touches it. */
export function defaultsOf(inputs: readonly TaskInput[]): Record<string, string> {
  return Object.fromEntries(inputs.map(({ name, defaultValue = '' }) => [name, defaultValue]));
}
