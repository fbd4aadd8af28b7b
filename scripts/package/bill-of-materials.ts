import { createHash } from 'node:crypto';
import type { ShippedPackage } from './contents.js';

/** What the list is about: the extension, and the one script in it that holds code of others. */
export interface Product {
  name: string;
  version: string;
  license: string;
  scriptName: string;
  script: Buffer;
}

/**
 * A CycloneDX bill of materials, as JSON. It carries neither a time nor a random number, so that the same sources give
 * the same list.
 */
export function sbomOf(product: Product, shipped: readonly ShippedPackage[]): string {
  // No package URL: it is in no registry.
  const own = `${product.name}@${product.version}`;
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.7.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    version: 1,
    metadata: { component: productComponent(product, own) },
    components: shipped.map((entry) => ({
      type: 'library',
      'bom-ref': purlOf(entry),
      name: entry.name,
      version: entry.version,
      licenses: [{ license: { id: entry.license } }],
      hashes: [{ alg: 'SHA-512', content: sha512Of(entry.integrity) }],
      purl: purlOf(entry),
    })),
    dependencies: [
      { ref: own, dependsOn: shipped.filter(({ isDirect }) => isDirect).map(purlOf) },
      ...shipped.map((entry) => ({
        ref: purlOf(entry),
        dependsOn: shipped.filter(({ folder }) => entry.imports.includes(folder)).map(purlOf),
      })),
    ],
  };
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}

function productComponent({ name, version, license, scriptName, script }: Product, ref: string): object {
  const content = createHash('sha256').update(script).digest('hex');
  return {
    type: 'application',
    'bom-ref': ref,
    name,
    version,
    licenses: [{ license: { id: license } }],
    components: [{ type: 'file', name: scriptName, hashes: [{ alg: 'SHA-256', content }] }],
  };
}

/** A package URL; the `@` of a scope is percent-encoded there. */
function purlOf({ name, version }: { name: string; version: string }): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function sha512Of(integrity: string): string {
  return Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
}
