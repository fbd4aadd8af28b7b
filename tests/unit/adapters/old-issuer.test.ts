import assert from 'node:assert/strict';
import { oldIssuerWarning } from '#task/adapters/agent/old-issuer.js';
import { SecretValue } from '#task/domain/secret-value.js';

describe('oldIssuerWarning', () => {
  const token = (issuer: string) => ({ jwt: new SecretValue('t'), issuer, subject: 's', audience: 'a' });

  for (const [issuer, warns] of [
    ['https://vstoken.dev.azure.com/org-id', true],
    ['https://login.microsoftonline.com/tenant/v2.0', false],
    ['https://server.example/tfs', false],
    ['https://vstoken.dev.azure.com.example.com/org-id', false],
    ['', false],
  ] as const) {
    it(`${warns ? 'warns' : 'does not warn'} of ${issuer || 'no issuer'}`, () => {
      assert.equal(oldIssuerWarning(token(issuer), 'azureDevOpsConnection') !== undefined, warns);
    });
  }

  it('names the other way in where there is one', () => {
    const old = token('https://vstoken.dev.azure.com/org-id');

    assert.match(oldIssuerWarning(old, 'infisicalConnection') ?? '', /Azure Auth/);
    assert.doesNotMatch(oldIssuerWarning(old, 'azureConnection') ?? '', /Azure Auth/);
  });
});
