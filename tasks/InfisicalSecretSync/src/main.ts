// The first of all, and before task-lib: see there.
import './adapters/agent/telltale-node.js';
import './adapters/agent/passwords.js';
import { givenInputs } from './adapters/agent/given-inputs.js';
import './adapters/agent/task-lib-load.js';
import { AgentHost } from './adapters/agent/host.js';
import { cancellation, type Cancellation } from './adapters/agent/cancellation.js';
import { systemClock } from './adapters/agent/clock.js';
import { HttpClient } from './adapters/http/client.js';
import { directNetwork, type Network } from './adapters/http/network.js';
import { writeLine } from './adapters/agent/output.js';
import { conclude } from './sync/conclude.js';
import { parseConfig } from './config/config.js';
import { readInputs } from './config/inputs.js';
import type { Report } from './domain/report.js';
import { readSurroundings } from './wiring/surroundings.js';
import { runStep } from './wiring/wiring.js';

async function main(): Promise<void> {
  const host = new AgentHost(writeLine);
  const cancelled = cancellation();
  await conclude(host, () => sync(host, cancelled));
  cancelled.end();
}

async function sync(host: AgentHost, cancelled: Cancellation): Promise<Report> {
  const config = parseConfig(
    readInputs((name) => host.input(name)),
    givenInputs,
  );
  const surroundings = readSurroundings(host, config);
  const clock = systemClock(cancelled.asked);
  const client = (network: Network): HttpClient =>
    new HttpClient({
      clock,
      network,
      cancelled: cancelled.asked,
      writeCutOff: cancelled.writeCutOff,
      trace: (line) => {
        host.trace(line);
      },
    });
  const [http, direct] = [client(surroundings.network), client(directNetwork)];
  try {
    return await runStep({ host, config, surroundings, http, direct, clock });
  } finally {
    http.close();
    direct.close();
  }
}

void main();
