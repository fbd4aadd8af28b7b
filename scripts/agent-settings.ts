import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { settingsIn, type AgentSettings } from './agent-settings/settings-in.js';
import { runCommand } from './shared/run-command.js';

/**
 * Records which variables the agent takes for settings, of every release since the oldest that runs the task:
 * `npm run agent-settings -- <clone of microsoft/azure-pipelines-agent, with its tags>`.
 */
function main(): number {
  const [clone] = process.argv.slice(2);
  if (clone === undefined) throw new Error('Give the folder of a clone of microsoft/azure-pipelines-agent.');
  const file = 'emulators/agent/agent-settings.json';
  const oldest = [3, 232, 1] as const;
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', clone, ...words], { encoding: 'utf8' });

  const numbers = (tag: string): number[] => tag.slice(1).split('.').map(Number);
  const compared = (one: readonly number[], other: readonly number[]): number =>
    one.map((number, index) => number - (other[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
  const tags = git('tag')
    .split('\n')
    .filter((tag) => /^v[3-9]\.\d+\.\d+$/.test(tag) && compared(numbers(tag), oldest) >= 0)
    .sort((one, other) => compared(numbers(one), numbers(other)));
  const blobs = new Set(
    tags.map((tag) => git('rev-parse', `${tag}:src/Agent.Sdk/Knob/AgentKnobs.cs`).trim()),
  );
  const found = Array.from(blobs, (blob) => settingsIn(git('show', blob)));
  const all = (kind: keyof AgentSettings): string[] =>
    [...new Set(found.flatMap((settings) => settings[kind]))].sort();

  const record = {
    source: `github.com/microsoft/azure-pipelines-agent, src/Agent.Sdk/Knob/AgentKnobs.cs, releases ${tags[0] ?? ''} to ${tags.at(-1) ?? ''}`,
    variables: all('variables'),
    features: all('features'),
    environment: all('environment'),
  };
  writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
  console.log(
    `Wrote ${file}: ${String(record.variables.length + record.features.length)} variables that are settings, from ${String(tags.length)} releases.`,
  );
  return 0;
}

runCommand(main);
