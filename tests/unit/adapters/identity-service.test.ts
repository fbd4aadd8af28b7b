import assert from 'node:assert/strict';
import fc from 'fast-check';
import { identityService } from '#task/adapters/entra/identity-service.js';

describe('identityService', () => {
  it('is at the address of virtual machines unless the platform says otherwise', () => {
    const { kind, url, header } = identityService({});

    assert.deepEqual(
      [kind, url.href, header.name],
      ['metadata', 'http://169.254.169.254/metadata/identity/oauth2/token', 'Metadata'],
    );
  });

  it('is where the platform says, whose header nobody may see', () => {
    const service = identityService({
      IDENTITY_ENDPOINT: 'http://localhost:42356/msi/token',
      IDENTITY_HEADER: 'h',
      AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:2579',
    });

    assert.deepEqual(
      [service.kind, service.url.href, service.secrets.map((secret) => secret.reveal())],
      ['platform', 'http://localhost:42356/msi/token', ['h']],
    );
  });

  it('is not that of a machine that is joined by Azure Arc, which names no header', () => {
    const { url } = identityService({ IDENTITY_ENDPOINT: 'http://localhost:40342/token' });

    assert.equal(url.hostname, '169.254.169.254');
  });

  for (const host of [
    'http://127.0.0.1:2579',
    'http://localhost:8081',
    'http://169.254.128.1:2377',
    'https://[::1]:1',
    'http://[fe80::1]',
  ]) {
    it(`takes ${host}, which never leaves the machine`, () => {
      const { url } = identityService({ AZURE_POD_IDENTITY_AUTHORITY_HOST: host });

      assert.equal(url.href, `${host}/metadata/identity/oauth2/token`);
    });
  }

  for (const host of [
    'http://10.0.0.1',
    'http://example.com',
    'http://127.0.0.1.example.com',
    'http://169.254.169.254.example.com',
    'http://localhost@example.com',
    'http://[2001:db8::1]',
    'file:///etc/passwd',
    'nothing',
  ]) {
    it(`refuses ${host}`, () => {
      assert.throws(() => identityService({ AZURE_POD_IDENTITY_AUTHORITY_HOST: host }), {
        message: /is not an address of this machine/,
      });
      assert.throws(() => identityService({ IDENTITY_ENDPOINT: host, IDENTITY_HEADER: 'h' }), {
        message: /IDENTITY_ENDPOINT names/,
      });
    });
  }

  it('never leaves the machine, whatever the environment says', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (address) => {
        assert.throws(() => identityService({ AZURE_POD_IDENTITY_AUTHORITY_HOST: address }));
      }),
    );
  });
});
