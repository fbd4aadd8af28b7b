import { onDemand } from '../on-demand/on-demand.js';
import { join } from 'node:path';
import type { Knobs } from './knobs.js';

/** Folders under `externals` of an agent. */
export type NodeFolder = 'node' | 'node10' | 'node16' | 'node20_1' | 'node24';
export type Runtimes = Partial<Record<NodeFolder, string>>;

const folderOf: Record<string, NodeFolder> = { Node16: 'node16', Node10: 'node10', Node: 'node' };

/**
 * Which Node runs a task (NodeHandler.cs, GetNodeLocationLegacy): a task that declares Node24 runs on Node 20 unless
 * a setting says otherwise, and no warning tells so.
 * @throws Error when the agent has no such Node
 */
export function chooseNode(
  handler: string,
  agent: { knobs: Knobs; runtimes: Runtimes; warn: (message: string) => void },
): { folder: NodeFolder; path: string } {
  const { knobs, runtimes } = agent;
  const withHandlerData = knobs.isOn('AGENT_USE_NODE24_WITH_HANDLER_DATA', false, {
    feature: 'UseNode24withHandlerData',
  });
  let folder: NodeFolder = folderOf[handler] ?? 'node20_1';
  if (handler === 'Node24' && withHandlerData) folder = orOlder('node24', agent);
  else if (handler === 'Node20_1') folder = orOlder('node20_1', agent);
  if (knobs.isOn('AGENT_USE_NODE24', false, { feature: 'UseNode24' })) folder = orOlder('node24', agent);
  else if (knobs.isOn('AGENT_USE_NODE20_1')) folder = orOlder('node20_1', agent);
  else if (knobs.isOn('AGENT_USE_NODE10')) folder = 'node10';
  const path = runtimes[folder];
  if (path !== undefined) return { folder, path };
  throw new Error(
    `This step requires a node version that does not exist in the agent filesystem. Path: externals/${folder}/bin/node`,
  );
}

/** The Node that was asked for, or an older one that is there. */
function orOlder(
  wanted: 'node24' | 'node20_1',
  { runtimes, warn }: { runtimes: Runtimes; warn: (message: string) => void },
): NodeFolder {
  if (runtimes[wanted] !== undefined) return wanted;
  const from = wanted === 'node24' ? '24' : '20';
  const isThere20 = wanted === 'node24' && runtimes.node20_1 !== undefined;
  const folder = isThere20 || runtimes.node16 === undefined ? 'node20_1' : 'node16';
  if (folder === wanted) return wanted;
  warn(
    `Node${from} is not executable on this platform(e.g.,node binary missing or incompatible) . Using Node${folder === 'node16' ? '16' : '20'} instead. Please upgrade the operating system of the agent to remain compatible with future updates of tasks: https://github.com/nodesource/distributions`,
  );
  return folder;
}

/**
 * The runtimes of agents where `npm run fidelity` has installed them, else the Node that runs the tests; and the
 * setting by which AGENT_NODE makes every step run on one of them.
 * @throws Error when AGENT_NODE names one that is not there: to pass on another would prove nothing
 */
export function defaultRuntimes(env: NodeJS.ProcessEnv = process.env): {
  runtimes: Runtimes;
  environment: Record<string, string>;
} {
  const asked = env['AGENT_NODE'] ?? '';
  if (asked !== '' && asked !== 'node20_1' && asked !== 'node24')
    throw new Error(`AGENT_NODE is "${asked}"; it can be node20_1 or node24.`);
  if (asked !== '' && installedNode(asked) === undefined)
    throw new Error(`AGENT_NODE is ${asked}, but that runtime is not installed: "npm run fidelity" does it.`);
  const runtimes = {
    node20_1: installedNode('node20_1') ?? process.execPath,
    node24: installedNode('node24') ?? process.execPath,
  };
  if (asked === '') return { runtimes, environment: {} };
  const knob = asked === 'node24' ? 'AGENT_USE_NODE24_WITH_HANDLER_DATA' : 'AGENT_USE_NODE20_1';
  return { runtimes, environment: { [knob]: 'true' } };
}

/** The binary of an agent's Node, which npm carries. */
export function installedNode(folder: 'node20_1' | 'node24'): string | undefined {
  const installed = onDemand(`agent-${folder}`);
  return installed === undefined ? undefined : join(installed, 'bin/node');
}
