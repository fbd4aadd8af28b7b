import assert from 'node:assert/strict';
import type { InfisicalEmulator } from '../../emulators/infisical/emulator.js';
import { at, readFolder, valuesOf, withInfisical } from '../support/infisical-reading.js';

type Options = Parameters<typeof withInfisical>[0];
type Folder = Parameters<typeof readFolder>[1];
type Secrets = Record<string, string>;

/** `/app/NAME` is a secret of `dev`; a name alone is one of `/`. */
function fill(server: InfisicalEmulator, secrets: Secrets): void {
  for (const [name, value] of Object.entries(secrets)) {
    const [path = '', key = ''] = name.includes('/') ? name.split(/\/(?=[^/]*$)/) : ['/', name];
    server.setSecret(at(path === '' ? '/' : path), key, value);
  }
}

const valuesFrom = (
  secrets: Secrets,
  given: { options?: Options; folder?: Folder; more?: (server: InfisicalEmulator) => void } = {},
): Promise<Secrets> =>
  withInfisical(
    given.options ?? {},
    (server) => {
      fill(server, secrets);
      given.more?.(server);
    },
    async (server) => valuesOf(await readFolder(server, given.folder)),
  );

const refused = (message: RegExp): { name: string; message: RegExp } => ({ name: 'SourceError', message });

/** Today's server, one that leaves missing references, one of 2025 and one of 2024. */
const servers: [title: string, options: Options][] = [
  ['of July 2026', {}],
  ['that leaves what it does not find', { missingRef: 'literal' }],
  ['of 2025', { profile: 'v4-2025' }],
  ['without v4', { profile: 'v4-none' }],
  ['of 2024', { profile: 'legacy-2024' }],
];

for (const [title, options] of servers) {
  describe(`a reference on a server ${title}`, () => {
    for (const [what, text] of [
      ['name', 'x=${NOPE}'],
      ['path', 'x=${dev.nofolder.KEY}'],
      ['environment', 'x=${noenv.KEY}'],
      ['name that shells know', 'echo ${HOME} $PATH'],
      ['secret of another project', '${@other.dev.KEY}'],
    ] as const) {
      it(`to no such ${what} stops the run and is named with its secret`, async () => {
        const literal = /\$\{[^}]+\}/.exec(text)?.[0] ?? '';
        const escaped = literal.replace(/[$.{}]/g, '\\$&');

        await assert.rejects(
          valuesFrom({ REF: text, A: 'a' }, { options }),
          refused(new RegExp(`"REF" in "/": "${escaped}" (?:leads|does not lead|was)[^]*$`)),
        );
      });
    }

    it('in a circle stops the run', async () => {
      await assert.rejects(
        valuesFrom({ A: 'a${B}', B: 'b${A}', SELF: '${SELF}' }, { options }),
        refused(/"A" in "\/": "\$\{A\}" leads back[^]*"B"[^]*"SELF"/),
      );
    });

    it('is resolved, to its own folder and to others', async () => {
      assert.deepEqual(
        await valuesFrom(
          { A: 'a', LOCAL: '<${A}>', CROSS: '<${dev.app.KEY}>', '/app/KEY': 'k' },
          { options },
        ),
        { A: 'a', LOCAL: '<a>', CROSS: '<k>' },
      );
    });

    it('to a secret that is truly empty is no error', async () => {
      assert.deepEqual(await valuesFrom({ EMPTY: '', REF: 'x=${EMPTY}' }, { options }), {
        EMPTY: '',
        REF: 'x=',
      });
    });

    it('goes over as it stands when nothing is to be expanded', async () => {
      const secrets = { REF: 'echo ${HOME} ${NOPE}', OTHER: '${dev.nope.KEY}' };

      assert.deepEqual(
        await valuesFrom(secrets, { options, folder: { expandSecretReferences: false } }),
        secrets,
      );
    });

    it('of several lines is as it is stored, whatever the flag of its secret says', async () => {
      const more = (server: InfisicalEmulator): void => {
        server.setSecret(at(), 'PEM', 'one\n${A}\nthree', { skipMultilineEncoding: true });
        server.setSecret(at(), 'PLAIN', 'one\ntwo', { skipMultilineEncoding: true });
      };

      assert.deepEqual(await valuesFrom({ A: 'two' }, { options, more }), {
        A: 'two',
        PEM: 'one\ntwo\nthree',
        PLAIN: 'one\ntwo',
      });
    });

    it('is none in text that Infisical does not take for one', async () => {
      const secrets = {
        A: 'a',
        REF: '${A}',
        PORT: '${server.port:8080}',
        NAME: '${user.name || "x"}',
        CALL: '${obj.method()}',
        PATHS: '${bundle.basedir/x}',
        PACKAGE: '${@angular/core}',
        DEFAULT: '${VAR:-default}',
      };

      assert.deepEqual(await valuesFrom(secrets, { options }), { ...secrets, REF: 'a' });
    });
  });
}

describe('a reference', () => {
  it('to what may not be read stops the run and says which', async () => {
    const role = { rules: [{ path: '/', actions: ['describeSecret' as const, 'readValue' as const] }] };

    await assert.rejects(
      valuesFrom({ REF: '${dev.app.KEY}', '/app/KEY': 'k' }, { options: { role } }),
      refused(
        /"REF" in "\/": "\$\{dev\.app\.KEY\}" does not lead to a secret that this machine identity can see/,
      ),
    );
  });

  it('to what may be described alone stops the run and says so', async () => {
    const role = {
      rules: [{ actions: ['describeSecret' as const] }, { path: '/', actions: ['readValue' as const] }],
    };

    await assert.rejects(
      valuesFrom({ REF: '${dev.app.KEY}', '/app/KEY': 'k' }, { options: { role } }),
      refused(/"\$\{dev\.app\.KEY\}" leads to a secret that this machine identity may not read/),
    );
  });

  it('inside a reference is resolved', async () => {
    assert.equal((await valuesFrom({ X: '${dev.${KIND}.A}', KIND: 'app', '/app/A': 'a' }))['X'], 'a');
  });

  it('to a name that only an import has is resolved where the server does so, else refused', async () => {
    const more = (server: InfisicalEmulator): void => {
      server.addImport(at(), { environment: 'dev', path: '/base' });
    };
    const secrets = { X: '<${BASE}>', '/base/BASE': 'b' };

    assert.deepEqual(await valuesFrom(secrets, { more }), { BASE: 'b', X: '<b>' });
    await assert.rejects(
      valuesFrom(secrets, { more, options: { profile: 'v4-2025' } }),
      refused(/"X" in "\/": "\$\{BASE\}" was left unresolved by Infisical/),
    );
  });

  it('to a secret of another project is resolved where that is shared', async () => {
    const more = (server: InfisicalEmulator): void => {
      const place = { project: 'vault', environment: 'prod', path: '/keys' };
      server.addProject({ slug: 'vault', environments: ['prod'] });
      server.setSecret(place, 'A', 'shared');
      server.shareFolder(place, 'shop');
    };

    assert.equal((await valuesFrom({ X: '<${@vault.prod.keys.A}>' }, { more }))['X'], '<shared>');
  });

  it('of a secret that the tags leave out does not matter', async () => {
    const more = (server: InfisicalEmulator): void => {
      server.setSecret(at(), 'A', 'a', { tags: ['web'] });
    };

    assert.deepEqual(await valuesFrom({ BAD: '${NOPE}' }, { more, folder: { tags: ['web'] } }), { A: 'a' });
  });
});

describe('a reference in an imported secret', () => {
  const imported = (text: string, given: { options?: Options; folder?: Folder } = {}): Promise<Secrets> =>
    valuesFrom(
      { '/base/REF': text, '/base/NAME': 'base', '/deep/DEEP': 'd${dev.nope.X}', OWN: 'own' },
      {
        ...given,
        more: (server) => {
          server.addImport(at(), { environment: 'dev', path: '/base' });
        },
      },
    );

  it('is resolved from its own folder', async () => {
    assert.equal((await imported('<${NAME}>'))['REF'], '<base>');
  });

  it('is resolved from the folder that imports it first, on v4 of today', async () => {
    assert.equal((await imported('<${OWN}>'))['REF'], '<own>');
  });

  for (const text of ['a${NOPE}b', 'a${dev.nofolder.NOPE}b', 'a${noenv.X}b']) {
    it(`to nothing stops the run: ${text}`, async () => {
      await assert.rejects(
        imported(text),
        refused(/"REF" in "dev:\/base": "\$\{[^}]+\}" does not lead to a secret/),
      );
    });

    it(`goes over as it stands when nothing is to be expanded, though the server resolves it: ${text}`, async () => {
      assert.equal((await imported(text, { folder: { expandSecretReferences: false } }))['REF'], text);
    });
  }

  it('of an import of an import is looked at, too', async () => {
    await assert.rejects(
      valuesFrom(
        { '/base/NAME': 'base', '/deep/DEEP': 'd${dev.nope.X}' },
        {
          more: (server) => {
            server.addImport(at(), { environment: 'dev', path: '/base' });
            server.addImport(at('/base'), { environment: 'dev', path: '/deep' });
          },
        },
      ),
      refused(/"DEEP" in "dev:\/base": "\$\{dev\.nope\.X\}" does not lead to a secret/),
    );
  });
});
