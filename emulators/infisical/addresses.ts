import { BlockList, isIPv4 } from 'node:net';
import type { Received } from '../loopback/loopback-server.js';
import { Refused } from './answers.js';

/** The client's address. A proxy names it, as before Infisical's cloud; the emulator believes everybody. */
export function addressOf({ headers, address }: Received): string {
  const forwarded = headers['x-forwarded-for'];
  const first = (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(',')[0]?.trim();
  return first ?? address.replace(/^::ffff:/, '');
}

/** @throws Refused when there is a list and the address is not on it */
export function checkAddress(address: string, trusted: readonly string[] | undefined): void {
  if (trusted === undefined || isOnList(address, trusted)) return;
  const message = 'You are not allowed to access this resource from the current IP address';
  throw new Refused(403, { error: 'ForbiddenError', message });
}

function isOnList(address: string, trusted: readonly string[]): boolean {
  const list = new BlockList();
  for (const entry of trusted) {
    const [network = '', prefix] = entry.split('/');
    const family = isIPv4(network) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
