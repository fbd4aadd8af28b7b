import { decoded } from '../http/address.js';

/** The organization's or collection's name, as it stands in the names of build identities. */
export function collectionName(collectionUrl: string): string {
  const { hostname, pathname } = new URL(collectionUrl);
  return decoded(pathname.split('/').findLast((part) => part !== '') ?? hostname.split('.')[0] ?? '');
}

/** Whether two addresses lead to one organization: it has an old and a new one, and case does not matter. */
export function isSameCollection(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

function comparable(text: string): string {
  const { host, pathname } = new URL(text);
  const path = pathname.toLowerCase().replace(/\/+$/, '');
  const organization = /^([^.]+)\.visualstudio\.com$/.exec(host)?.[1];
  if (organization === undefined) return `${host}${path}`;
  return `dev.azure.com/${organization}${path.replace(/^\/defaultcollection$/, '')}`;
}
