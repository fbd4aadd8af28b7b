import { createHmac, hkdfSync } from 'node:crypto';
import type { Mac } from '../../domain/record/prints.js';
import { SecretValue } from '../../domain/secret-value.js';
import type { InfisicalAuth } from './connection.js';

/** The secret that only this machine identity has; nothing where none is stored. */
export function storedSecret(auth: InfisicalAuth): SecretValue | undefined {
  if (auth.kind === 'universal') return auth.clientSecret;
  return auth.kind === 'token' ? auth.accessToken : undefined;
}

/** HMAC-SHA256 with a key that is derived from a secret for records of this project, and good for nothing else. */
export function recordMac(secret: SecretValue, project: string): Mac {
  return keyedMac(
    hkdfSync('sha256', secret.reveal(), '', `secret-sync-for-infisical record 1 ${project}`, 32),
  );
}

/** The same with a key that everybody knows, for what holds no value. */
export const openMac: Mac = (purpose, parts) => keyedMac(new ArrayBuffer(32))(purpose, parts);

function keyedMac(key: ArrayBuffer): Mac {
  return (purpose, parts) => {
    const hmac = createHmac('sha256', new Uint8Array(key));
    for (const part of [purpose, ...parts]) {
      // UTF-16: in UTF-8 all half characters look alike. A length before each part, so that none runs into the next.
      const bytes = Buffer.from(part instanceof SecretValue ? part.reveal() : part, 'utf16le');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      hmac.update(length).update(bytes);
    }
    return hmac.digest('base64url');
  };
}
