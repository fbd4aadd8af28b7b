import assert from 'node:assert/strict';
import type { PeerCertificate } from 'node:tls';
import { agentNetwork } from '#task/adapters/agent/network.js';
import { NetworkError } from '#task/adapters/http/network-error.js';
import { isFinal, whyNoAnswer } from '#task/adapters/http/no-answer.js';
import { identityProblem } from '#task/adapters/http/server-identity.js';
import { isExcepted } from '#task/adapters/http/no-proxy.js';
import { SecretValue } from '#task/domain/secret-value.js';

const none = { proxy: undefined, clientCertificate: undefined };
const wayTo = (address: string, env: NodeJS.ProcessEnv, passwords = none): string | undefined =>
  agentNetwork(env, passwords).proxyFor(new URL(address))?.url.href;

describe('the proxy', () => {
  for (const [title, address, env, expected] of [
    ['none', 'https://a.example', {}, undefined],
    [
      'the agent’s, for both protocols',
      'https://a.example',
      { AGENT_PROXYURL: 'http://p:3128' },
      'http://p:3128/',
    ],
    [
      'the agent’s, for both protocols',
      'http://a.example',
      { AGENT_PROXYURL: 'http://p:3128' },
      'http://p:3128/',
    ],
    [
      'the agent’s before the environment’s',
      'https://a.example',
      { AGENT_PROXYURL: 'http://p:3128', HTTPS_PROXY: 'http://q:1' },
      'http://p:3128/',
    ],
    [
      'not by a rule of the bypass list, whatever its case',
      'https://A.Example/x',
      { AGENT_PROXYURL: 'http://p', AGENT_PROXYBYPASSLIST: '["b\\\\.example","a\\\\.EXAMPLE"]' },
      undefined,
    ],
    [
      'not by a rule about the path, which belongs to the whole address',
      'https://a.example/api/v4/secrets?x=1',
      { AGENT_PROXYURL: 'http://p', AGENT_PROXYBYPASSLIST: '["^https://a\\\\.example/api/"]' },
      undefined,
    ],
    [
      'by a rule about another path',
      'https://a.example/other',
      { AGENT_PROXYURL: 'http://p', AGENT_PROXYBYPASSLIST: '["^https://a\\\\.example/api/"]' },
      'http://p/',
    ],
    [
      'not even the environment’s, when the bypass list says so',
      'https://a.example',
      { AGENT_PROXYURL: 'http://p', AGENT_PROXYBYPASSLIST: '["a"]', HTTPS_PROXY: 'http://q:1' },
      undefined,
    ],
    ['the environment’s', 'https://a.example', { HTTPS_PROXY: 'q:8080' }, 'http://q:8080/'],
    [
      'the environment’s in lower case first',
      'https://a.example',
      { HTTPS_PROXY: 'http://q', https_proxy: 'http://r' },
      'http://r/',
    ],
    ['each protocol’s own', 'http://a.example', { HTTPS_PROXY: 'http://q' }, undefined],
    ['each protocol’s own', 'http://a.example', { HTTP_PROXY: 'http://q' }, 'http://q/'],
    ['not by NO_PROXY', 'https://a.example', { HTTPS_PROXY: 'http://q', NO_PROXY: '.example' }, undefined],
  ] as const) {
    it(`is ${title}: ${address} ${JSON.stringify(env)}`, () => {
      assert.equal(wayTo(address, env), expected);
    });
  }

  it('gets the agent’s user name and password, which are masked in both forms', () => {
    const env = { AGENT_PROXYURL: 'http://p', AGENT_PROXYUSERNAME: 'u' };
    const network = agentNetwork(env, { ...none, proxy: new SecretValue('p%w') });

    const basic = Buffer.from('u:p%w').toString('base64');
    assert.equal(network.proxyFor(new URL('https://a'))?.authorization?.reveal(), `Basic ${basic}`);
    assert.deepEqual(
      network.secrets.map((secret) => secret.reveal()),
      ['p%w', basic],
    );
  });

  it('gets the credentials of its address, decoded, which are masked, too', () => {
    const network = agentNetwork({ HTTPS_PROXY: 'http://u:p%25w@q:1' }, none);

    assert.deepEqual(
      network.secrets.map((secret) => secret.reveal()),
      ['p%w', Buffer.from('u:p%w').toString('base64')],
    );
    assert.equal(network.proxyFor(new URL('https://a'))?.url.href, 'http://q:1/');
  });

  for (const [env, why] of [
    [
      { AGENT_PROXYURL: 'socks5://u:secret-value@p' },
      /agent’s proxy URL is not an address that this task can use/,
    ],
    [{ HTTPS_PROXY: 'http://u:secret-value@' }, /HTTPS_PROXY is not an address/],
    [
      { AGENT_PROXYURL: 'http://p', AGENT_PROXYBYPASSLIST: '["("]' },
      /"\(", which is not a regular expression/,
    ],
    [{ AGENT_PROXYURL: 'http://p', AGENT_PROXYBYPASSLIST: '{' }, /is not a JSON list/],
  ] as const) {
    it(`that can’t be used stops the run: ${JSON.stringify(env)}`, () => {
      assert.throws(
        () => agentNetwork(env, none),
        (error: Error) =>
          error.name === 'SyncError' && why.test(error.message) && !error.message.includes('secret-value'),
      );
    });
  }
});

describe('NO_PROXY', () => {
  for (const [list, address, expected] of [
    ['*', 'https://a.example', true],
    ['a.example', 'https://a.example', true],
    ['A.EXAMPLE', 'https://a.example', true],
    ['a.example', 'https://b.a.example', true],
    ['a.example', 'https://ba.example', false],
    ['.example, other', 'https://a.example', true],
    ['*.example', 'https://a.example', true],
    ['x;y z', 'https://z', true],
    ['a.example:8443', 'https://a.example', false],
    ['a.example:443', 'https://a.example', true],
    ['a.example:80', 'http://a.example', true],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['::1', 'https://[::1]:8443', true],
    ['[::1]:8443', 'https://[::1]:8443', true],
    ['[::1]:1', 'https://[::1]:8443', false],
    ['0.0.1', 'https://127.0.0.1', false],
    ['', 'https://a.example', false],
    ['.', 'https://a.example', false],
  ] as const) {
    it(`${JSON.stringify(list)} ${expected ? 'excepts' : 'does not except'} ${address}`, () => {
      assert.equal(isExcepted(new URL(address), list), expected);
    });
  }
});

describe('certificates', () => {
  it('are verified unless the agent says otherwise, and that is warned of', () => {
    const usual = agentNetwork({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, none);
    const skipping = agentNetwork({ AGENT_SKIPCERTVALIDATION: 'True' }, none);

    assert.deepEqual([usual.tls, usual.warnings], [{ rejectUnauthorized: true }, []]);
    assert.equal(skipping.tls.rejectUnauthorized, false);
    assert.match(skipping.warnings.join(), /does not verify certificates/);
  });

  it('of the agent that can’t be read stop the run, naming the file', () => {
    assert.throws(() => agentNetwork({ AGENT_CAINFO: '/no/such/ca.pem' }, none), {
      name: 'SyncError',
      message: /can’t read the file "\/no\/such\/ca.pem", .* as its CA certificate\. Check/,
    });
    assert.throws(() => agentNetwork({ AGENT_CLIENTCERT: '/no/such/cert.pem' }, none), {
      message: /can’t read the file "\/no\/such\/cert.pem", .* as its client certificate\. Check/,
    });
  });
});

describe('the certificate of a host', () => {
  /** A Node that matches no IPv6 address. */
  const refusing = () => new Error('another name');
  const certificate = (subjectaltname: string) =>
    ({ subject: { CN: 'x' }, subjectaltname }) as PeerCertificate;

  for (const [names, host, fits] of [
    ['DNS:localhost, IP Address:0:0:0:0:0:0:0:1', '::1', true],
    ['IP Address:FD00:0:0:0:0:0:0:2', 'fd00::2', true],
    ['IP Address:FD00:0:0:0:0:0:0:2', 'fd00::3', false],
    ['DNS:"x, IP Address:0:0:0:0:0:0:0:1"', '::1', false],
    ['DNS:IP Address:0:0:0:0:0:0:0:1', '::1', false],
    ['IP Address:127.0.0.1', '127.0.0.1', false],
    ['DNS:localhost', 'localhost', false],
    ['', '::1', false],
  ] as const) {
    it(`${names} ${fits ? 'is' : 'is not'} for ${host}, where Node itself says no`, () => {
      assert.equal(identityProblem(host, certificate(names), refusing) === undefined, fits);
    });
  }

  it('is what Node says for names and IPv4 addresses', () => {
    const both = certificate('DNS:localhost, IP Address:127.0.0.1');

    assert.equal(identityProblem('localhost', both), undefined);
    assert.equal(identityProblem('127.0.0.1', both), undefined);
    assert.ok(identityProblem('other', both));
  });
});

describe('whyNoAnswer', () => {
  for (const [error, message] of [
    [new NetworkError('ENOTFOUND'), /^its name does not resolve/],
    [new NetworkError('EWEIRD'), /failed \(EWEIRD\)/],
    [
      new NetworkError('ECONNREFUSED', { proxyHost: 'p:3128' }),
      /^nothing listens there \(through the proxy "p:3128"\)\. Check the host/,
    ],
    [new NetworkError('PROXY_UNREACHABLE', { proxyHost: 'p:3128' }), /^the proxy "p:3128" can’t be reached/],
    [new NetworkError('PROXY_NEEDS_CREDENTIALS', { proxyHost: 'p' }), /^the proxy "p" asks for a user name/],
    [new NetworkError('PROXY_REFUSED', { proxyHost: 'p' }), /^the proxy "p" refuses to connect/],
    [new NetworkError('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), /^it requires a client certificate/],
    [new NetworkError('SELF_SIGNED_CERT_IN_CHAIN'), /--sslcacert/],
  ] as const) {
    it(`${error.code} → ${message.source}`, () => {
      assert.match(whyNoAnswer(error), message);
    });
  }

  it('a certificate or a proxy that says no is not asked again; a lost connection is', () => {
    for (const code of [
      'CERT_HAS_EXPIRED',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'PROXY_REFUSED',
    ])
      assert.equal(isFinal(code), true, code);
    for (const code of ['ECONNRESET', 'TIMEOUT', 'ENOTFOUND', 'PROXY_CANNOT_REACH', 'PROXY_UNREACHABLE'])
      assert.equal(isFinal(code), false, code);
  });
});
