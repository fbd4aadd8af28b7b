import { wireForm } from '../../domain/wire-form.js';

type CommandName =
  'debug' | 'setsecret' | 'setvariable' | 'setprogress' | 'logissue' | 'uploadsummary' | 'complete';

type Writer = (name: CommandName, properties: Readonly<Record<string, string>>, data: string) => string;

/**
 * A logging command for the agent (microsoft/azure-pipelines-agent, Command.cs). Data and property values are escaped
 * with the agent's full set: it decodes all of it in both places, and then its own masks and ours have the same wire
 * form.
 */
export const command = commandWith(wireForm);

/** The same with an escape that fits the job; see wireForm. */
export function commandWith(escaped: (text: string) => string): Writer {
  return (name, properties, data) => {
    const written = Object.entries(properties).map(([key, value]) => `${key}=${escaped(value)}`);
    const header = written.length === 0 ? `task.${name}` : `task.${name} ${written.join(';')};`;
    return `##vso[${header}]${escaped(data)}`;
  };
}
