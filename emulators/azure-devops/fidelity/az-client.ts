import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificates } from '../../loopback/certificates.js';
import { Front } from '../../loopback/front.js';
import { NamedHosts } from '../../loopback/named-hosts.js';
import { AzureDevOpsEmulator } from '../emulator.js';
import type { Profile } from '../versions.js';

export const project = 'my proj';
const pat = 'a-personal-access-token';
const cloud = 'https://dev.azure.com';

/** How a command ended: what it printed, as JSON where it is that, and what it said on stderr. */
export interface Ended {
  code: number;
  printed: unknown;
  said: string;
}

export interface Fixture {
  ado: AzureDevOpsEmulator;
  hosts: NamedHosts;
  /** Runs a command of Azure CLI for the emulated organization, in the one project unless told otherwise. */
  az: (command: string, settings?: { project?: string; env?: Record<string, string> }) => Promise<Ended>;
  /** What a command printed, which must have done what it was told. */
  print: (command: string) => Promise<unknown>;
}

/**
 * Runs with Azure CLI, unchanged, to which the emulator is dev.azure.com: the name leads to it through a tunnel, and
 * the authority of its certificate is known to that process only. No other name leads anywhere.
 */
export async function withAz(
  options: { profile?: Profile },
  run: (fixture: Fixture) => Promise<void>,
): Promise<void> {
  const ado = await AzureDevOpsEmulator.start(options);
  const tls = certificates().serverFor(new URL(cloud).hostname);
  const front = await Front.start({ target: ado.origin, tls });
  const hosts = await NamedHosts.start({ [cloud]: front.origin });
  const folder = mkdtempSync(join(tmpdir(), 'az-'));
  try {
    ado.standBehind(cloud);
    ado.addProject({ name: project });
    ado.addIdentity({ name: 'build', pat });
    const usual = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      AZURE_CONFIG_DIR: folder,
      AZURE_CORE_COLLECT_TELEMETRY: '0',
      AZURE_DEVOPS_EXT_PAT: pat,
      HTTPS_PROXY: hosts.url,
      REQUESTS_CA_BUNDLE: certificates().caFile,
    };
    const az: Fixture['az'] = (command, { project: where = project, env } = {}) => {
      const args = [...command.split(' '), '--organization', ado.collectionUrl, '--project', where];
      return ended(args, { ...usual, ...env });
    };
    const print: Fixture['print'] = async (command) => {
      const { code, printed, said } = await az(command);
      assert.deepEqual([code, said], [0, ''], command);
      return printed;
    };
    await run({ ado, hosts, az, print });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await hosts.close();
    await front.close();
    await ado.close();
  }
}

function ended(args: string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile('az', args, { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, printed: parsed(stdout), said: stderr.trim() });
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.trim();
  }
}
