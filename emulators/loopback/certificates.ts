import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a TLS server shows, as PEM. */
export interface ServerCertificate {
  key: string;
  cert: string;
}

/** Files, as an agent is told of them. */
export interface ClientCertificate {
  certificate: string;
  /** Encrypted with the password. */
  key: string;
  /** PKCS#12 of both, encrypted with the password. */
  archive: string;
  password: string;
}

/** A certificate authority that no system knows, what it has signed, and what it has not. */
export interface Certificates {
  /** The file of the authority. */
  caFile: string;
  ca: string;
  /** For localhost, 127.0.0.1 and ::1. */
  server: ServerCertificate;
  expired: ServerCertificate;
  /** For another name. */
  otherName: ServerCertificate;
  /** Right but for nobody having signed it. */
  selfSigned: ServerCertificate;
  client: ClientCertificate;
  /** Of a client whom another authority vouches for. */
  strangersClient: ClientCertificate;
  /** A certificate for these names. */
  serverFor: (...names: string[]) => ServerCertificate;
}

export const clientPassword = 'canary-passphrase-Ke27WmPz5Vb8';
const ownNames = 'DNS:localhost,IP:127.0.0.1,IP:::1';
let made: Certificates | undefined;

/** Made by openssl when first needed, once for a test process, whose end removes it. */
export function certificates(): Certificates {
  made ??= make();
  return made;
}

function make(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const authority = new Authority(folder, 'authority');
  const stranger = new Authority(folder, 'stranger');
  return {
    caFile: authority.caFile,
    ca: readFileSync(authority.caFile, 'utf8'),
    server: authority.server('server', ownNames),
    expired: authority.server('expired', ownNames, -1),
    otherName: authority.server('other-name', 'DNS:other.example'),
    selfSigned: selfSigned(folder),
    client: authority.client('client'),
    strangersClient: stranger.client('strangers-client'),
    serverFor: (...names) =>
      authority.server(`named-${names.join('-')}`, names.map((name) => `DNS:${name}`).join(',')),
  };
}

function openssl(folder: string, ...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function selfSigned(folder: string): ServerCertificate {
  const files = ['-keyout', 'self-signed.key', '-out', 'self-signed.pem'];
  const names = ['-subj', '/CN=localhost', '-addext', `subjectAltName=${ownNames}`];
  openssl(folder, 'req', '-x509', ...newKey, '-days', '2', ...files, ...names);
  return read(folder, 'self-signed');
}

function read(folder: string, name: string): ServerCertificate {
  const text = (ending: string): string => readFileSync(join(folder, `${name}.${ending}`), 'utf8');
  return { key: text('key'), cert: text('pem') };
}

class Authority {
  readonly caFile: string;
  readonly #folder: string;
  readonly #name: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    this.caFile = join(folder, `${name}.pem`);
    const files = ['-keyout', `${name}.key`, '-out', `${name}.pem`];
    openssl(folder, 'req', '-x509', ...newKey, '-days', '2', ...files, '-subj', `/CN=Private ${name}`);
  }

  /** @param days below zero for one that has expired */
  server(name: string, names: string, days = 2): ServerCertificate {
    this.#issue(name, `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`, days);
    return read(this.#folder, name);
  }

  client(name: string): ClientCertificate {
    this.#issue(name, 'extendedKeyUsage=clientAuth\n', 2);
    const pair = ['-inkey', `${name}.key`, '-in', `${name}.pem`];
    const withPassword = ['-passout', `pass:${clientPassword}`];
    openssl(this.#folder, 'pkcs12', '-export', ...pair, '-out', `${name}.p12`, ...withPassword);
    const encrypted = ['-topk8', '-in', `${name}.key`, '-out', `${name}.encrypted.key`];
    openssl(this.#folder, 'pkcs8', ...encrypted, ...withPassword);
    return {
      certificate: join(this.#folder, `${name}.pem`),
      key: join(this.#folder, `${name}.encrypted.key`),
      archive: join(this.#folder, `${name}.p12`),
      password: clientPassword,
    };
  }

  #issue(name: string, extensions: string, days: number): void {
    const request = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`];
    openssl(this.#folder, 'req', '-new', ...newKey, ...request);
    writeFileSync(join(this.#folder, `${name}.ext`), extensions);
    const signer = ['-CA', `${this.#name}.pem`, '-CAkey', `${this.#name}.key`, '-CAcreateserial'];
    const files = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-extfile', `${name}.ext`];
    openssl(this.#folder, 'x509', '-req', ...signer, ...files, '-days', String(days));
  }
}
