import assert from 'node:assert/strict';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { send, type Answered } from '../../replay/send.js';
import type { Application } from '../applications.js';
import { EntraEmulator } from '../emulator.js';
import { MetadataService, type MetadataOptions } from '../metadata-service.js';
import { nowMs, otherTenant, setting } from './setting.js';

const resource = 'https://management.azure.com/';
const path = '/metadata/identity/oauth2/token';

interface Machine {
  entra: EntraEmulator;
  service: MetadataService;
  application: Application;
  ask: (
    query?: Record<string, string>,
    headers?: Record<string, string>,
    method?: 'POST',
  ) => Promise<Answered>;
}

async function onMachine(
  options: (application: Application, another: Application) => MetadataOptions,
  run: (machine: Machine) => Promise<void>,
): Promise<void> {
  const entra = await EntraEmulator.start({ now: () => nowMs });
  const application = entra.addApplication({ tenant: otherTenant });
  const given = options(application, entra.addApplication({ tenant: otherTenant }));
  const service = await MetadataService.start(entra, given);
  const isPlatform = given.kind === 'platform';
  const { environment } = service;
  const target = isPlatform ? '/msi/token' : path;
  const usual = isPlatform
    ? { 'X-IDENTITY-HEADER': environment['IDENTITY_HEADER'] ?? '' }
    : { Metadata: 'true' };
  const version = isPlatform ? '2019-08-01' : '2018-02-01';
  try {
    await run({
      entra,
      service,
      application,
      ask: (query = {}, headers = usual, method) => {
        const all = Object.entries({ 'api-version': version, resource, ...query }).filter(
          ([, value]) => value !== '',
        );
        const text = new URLSearchParams(all).toString();
        const origin = new URL(environment['IDENTITY_ENDPOINT'] ?? Object.values(environment)[0] ?? '')
          .origin;
        return send(origin, { method: method ?? 'GET', target: `${target}?${text}`, headers });
      },
    });
  } finally {
    await Promise.all([service.close(), entra.close()]);
  }
}

const problemOf = ({ status, body }: Answered): [number, unknown] => [
  status,
  (body as { error_description?: string; message?: string }).error_description ??
    (body as { message?: string }).message,
];

describe('the metadata service of a virtual machine', () => {
  it('gives a token of the machine’s identity for the resource, signed by Entra', () =>
    onMachine(
      (systemAssigned) => ({ systemAssigned }),
      async ({ entra, application, ask }) => {
        const { status, body } = await ask();
        const { access_token: token, ...rest } = body as Record<string, string>;
        const { payload } = await jwtVerify(token ?? '', createLocalJWKSet(await entra.keySet()), {
          currentDate: new Date(nowMs),
        });

        assert.equal(status, 200);
        assert.deepEqual(Object.keys(rest).sort(), [
          'client_id',
          'expires_in',
          'expires_on',
          'ext_expires_in',
          'not_before',
          'refresh_token',
          'resource',
          'token_type',
        ]);
        assert.deepEqual(
          [payload.iss, payload.aud, payload['tid'], payload['oid']],
          [`https://sts.windows.net/${otherTenant}/`, resource, otherTenant, application.objectId],
        );
      },
    ));

  it('refuses what lacks its header, was forwarded, or names no version or resource', () =>
    onMachine(
      (systemAssigned) => ({ systemAssigned }),
      async ({ ask }) => {
        const refused = [
          await ask({}, {}),
          await ask({}, { Metadata: 'true', 'X-Forwarded-For': '10.0.0.1' }),
          await ask({ 'api-version': '' }),
          await ask({ resource: '' }),
          await ask({}, { Metadata: 'true' }, 'POST'),
        ];

        assert.deepEqual(
          refused.map(({ status }) => status),
          [400, 400, 400, 400, 405],
        );
        assert.deepEqual(problemOf(refused[0] ?? assert.fail()), [
          400,
          'Required metadata header not specified',
        ]);
      },
    ));

  it('finds no identity where the machine has none, or none of that client ID', async () => {
    await onMachine(
      () => ({}),
      async ({ ask }) => {
        assert.deepEqual(problemOf(await ask()), [400, 'Identity not found']);
      },
    );
    await onMachine(
      (systemAssigned) => ({ systemAssigned }),
      async ({ ask }) => {
        assert.deepEqual(problemOf(await ask({ client_id: otherTenant })), [400, 'Identity not found']);
      },
    );
  });

  it('wants to be told which of several, unless the machine has one of its own', async () => {
    await onMachine(
      (one, other) => ({ userAssigned: [one, other] }),
      async ({ ask, application }) => {
        assert.match(String(problemOf(await ask())[1]), /^Multiple user assigned identities exist/);
        assert.equal((await ask({ client_id: application.id })).status, 200);
      },
    );
    await onMachine(
      (one, other) => ({ systemAssigned: one, userAssigned: [other] }),
      async ({ ask, application }) => {
        const { body } = await ask();
        const { access_token: token } = body as { access_token: string };
        assert.equal(decodeJwt(token)['oid'], application.objectId);
      },
    );
  });

  it('knows no resource that Entra does not know', () =>
    onMachine(
      (systemAssigned) => ({ systemAssigned }),
      async ({ ask }) => {
        const { status, body } = await ask({ resource: 'nothing' });

        assert.deepEqual([status, (body as { error: string }).error], [400, 'invalid_resource']);
      },
    ));
});

describe('the identity endpoint of a platform', () => {
  it('gives a token to whoever knows its header', () =>
    onMachine(
      (systemAssigned) => ({ kind: 'platform', systemAssigned }),
      async ({ ask }) => {
        const { status, body } = await ask();

        assert.equal(status, 200);
        assert.deepEqual(Object.keys(body as object).sort(), [
          'access_token',
          'client_id',
          'expires_on',
          'resource',
          'token_type',
        ]);
      },
    ));

  it('refuses another header and another version', () =>
    onMachine(
      (systemAssigned) => ({ kind: 'platform', systemAssigned }),
      async ({ ask }) => {
        assert.equal((await ask({}, { Metadata: 'true' })).status, 401);
        assert.equal((await ask({ 'api-version': '2018-02-01' })).status, 400);
      },
    ));
});

describe('a token of Entra for Azure Resource Manager', () => {
  it('is for the address that the scope names, with the slash at its end or without', () =>
    setting(async ({ exchange }) => {
      for (const audience of ['https://management.azure.com/', 'https://management.azure.com']) {
        const { body } = await exchange({ scope: `${audience}/.default` });
        assert.equal(decodeJwt((body as { access_token: string }).access_token).aud, audience);
      }
    }));
});
