import type { ShippedPackage } from './contents.js';

const rule = '-'.repeat(80);

/** The list of licences with their texts, which they want to go with every copy. */
export function noticesOf(product: string, shipped: readonly ShippedPackage[]): string {
  const list = shipped.map(({ name, version, license }) => `${name} ${version} (${license})`);
  const texts = list.map(
    (title, index) => `${rule}\n${title}\n${rule}\n\n${shipped[index]?.licenseText ?? ''}\n`,
  );
  return [
    `${product} contains code of these packages:\n`,
    `${list.join('\n')}\n`,
    'Each package comes under its licence below. The extension itself comes under the licence in license.md.\n',
    ...texts,
  ].join('\n');
}
