import assert from 'node:assert/strict';
import { needs } from '../../on-demand/parts.js';
import { project, withAz } from './az-client.js';

/** Azure CLI with its extension for Azure DevOps, unchanged. It asks on the project's URL, at 5.0 and 5.0-preview.1. */

const plain = (value: string) => ({ isSecret: null, value });
const hidden = { isSecret: true, value: null };
const stored = (variables: Record<string, { value: string | null; isSecret: boolean }> | undefined) =>
  Object.entries(variables ?? {}).map(([name, { value, isSecret }]) => [name, value, isSecret]);

describe('Azure CLI with its extension for Azure DevOps', () => {
  before(needs('az', 'openssl'));

  it('leads a variable group through its whole life', () =>
    withAz({}, async ({ ado, print }) => {
      ado.addGroup({ project, name: 'other', variables: { A: 'x' } });
      const group = 'pipelines variable-group';
      const variable = `${group} variable`;
      const web = {
        authorized: true,
        description: 'about',
        id: 2,
        name: 'web',
        providerData: null,
        type: 'Vsts',
        variables: { A: plain('x'), B: plain('y=z') },
      };

      assert.deepEqual(
        await print(`${group} create --name web --description about --authorize true --variables A=x B=y=z`),
        web,
      );
      assert.equal(ado.authorizedPipelines(project, 'web').all, true);
      assert.deepEqual(await print(`${group} show --group-id 2`), web);
      const listed = (await print(`${group} list --group-name W*`)) as { name: string }[];
      assert.deepEqual(
        listed.map(({ name }) => name),
        ['web'],
      );
      assert.deepEqual(await print(`${group} update --group-id 2 --name shop --authorize false`), {
        ...web,
        name: 'shop',
        authorized: false,
      });
      assert.equal(ado.authorizedPipelines(project, 'shop').all, false);

      assert.deepEqual(await print(`${variable} create --group-id 2 --name KEY --value k --secret true`), {
        KEY: hidden,
      });
      assert.deepEqual(await print(`${variable} update --group-id 2 --name a --value changed`), {
        A: plain('changed'),
      });
      assert.deepEqual(await print(`${variable} list --group-id 2`), {
        A: plain('changed'),
        B: plain('y=z'),
        KEY: hidden,
      });
      await print(`${variable} delete --group-id 2 --name B --yes`);
      assert.deepEqual(stored(ado.variables(project, 'shop')), [
        ['A', 'changed', false],
        ['KEY', 'k', true],
      ]);

      await print(`${group} delete --group-id 2 --yes`);
      assert.deepEqual(ado.groupNames(project), ['other']);
    }));

  it('reads and writes a group of a server, which names no hosts', () =>
    withAz({ profile: 'server-2019' }, async ({ ado, print }) => {
      ado.addGroup({ project, name: 'web', variables: { KEY: { value: 'k', isSecret: true } } });

      await print('pipelines variable-group variable create --group-id 1 --name PLAIN --value p');

      assert.deepEqual(stored(ado.variables(project, 'web')), [
        ['KEY', 'k', true],
        ['PLAIN', 'p', false],
      ]);
    }));

  it('replaces a secret of a group, and empties one that it makes plain without a value', () =>
    withAz({}, async ({ ado, print }) => {
      const secret = (value: string) => ({ value, isSecret: true });
      ado.addGroup({ project, name: 'web', variables: { SET: secret('s'), BARE: secret('b') } });
      const update = 'pipelines variable-group variable update --group-id 1';

      await print(`${update} --name SET --value new`);
      assert.deepEqual(await print(`${update} --name BARE --secret false`), {
        BARE: { isSecret: null, value: null },
      });

      assert.deepEqual(stored(ado.variables(project, 'web')), [
        ['SET', 'new', true],
        ['BARE', null, false],
      ]);
    }));

  it('leads saved pipeline variables through their whole life', () =>
    withAz({}, async ({ ado, print }) => {
      const process = { yamlFilename: 'ci.yml', type: 2 };
      const { id } = ado.definitions.add({ project, name: 'ci', body: { process } });
      const variable = 'pipelines variable';
      const settable = { allowOverride: true, ...plain('p') };
      const secret = { allowOverride: null, ...hidden };

      assert.deepEqual(
        await print(`${variable} create --pipeline-name CI --name PLAIN --value p --allow-override true`),
        { PLAIN: settable },
      );
      assert.deepEqual(await print(`${variable} create --pipeline-id 1 --name KEY --value k --secret true`), {
        KEY: secret,
      });
      assert.deepEqual(await print(`${variable} update --pipeline-id 1 --name plain --value changed`), {
        PLAIN: { ...settable, value: 'changed' },
      });
      assert.deepEqual(await print(`${variable} list --pipeline-id 1`), {
        PLAIN: { ...settable, value: 'changed' },
        KEY: secret,
      });
      await print(`${variable} delete --pipeline-id 1 --name PLAIN --yes`);
      assert.deepEqual(stored(ado.definitions.get(id)?.variables), [['KEY', 'k', true]]);
      assert.deepEqual(
        await print(`${variable} update --pipeline-id 1 --name KEY --new-name OPEN --value o --secret false`),
        { OPEN: { allowOverride: null, ...plain('o') } },
      );

      const definition = ado.definitions.get(id);
      assert.deepEqual(stored(definition?.variables), [['OPEN', 'o', false]]);
      assert.deepEqual([definition?.revision, definition?.body['process']], [6, process]);
    }));

  it('finds pipelines by a pattern, in the order that is asked for, and deletes one', () =>
    withAz({}, async ({ ado, print }) => {
      for (const name of ['web-b', 'web-a', 'api', 'web-c']) ado.definitions.add({ project, name });
      const names = async (order: string): Promise<string[]> => {
        const found = await print(`pipelines list --name web* --query-order ${order}`);
        return (found as { name: string }[]).map(({ name }) => name);
      };

      assert.deepEqual(await names('NameAsc'), ['web-a', 'web-b', 'web-c']);
      assert.deepEqual(await names('NameDesc --top 2'), ['web-c', 'web-b']);
      await print('pipelines delete --id 1 --yes');
      assert.deepEqual(await names('NameAsc'), ['web-a', 'web-c']);
    }));

  it('is told what is not there in the service’s own words', () =>
    withAz({}, async ({ az }) => {
      const noProject = await az('pipelines variable-group list', { project: 'nowhere' });
      const noPipeline = await az('pipelines variable list --pipeline-id 7');
      const noGroup = await az('pipelines variable-group show --group-id 7');

      assert.deepEqual(
        [noProject, noPipeline, noGroup].map(({ code, said }) => [code, said]),
        [
          [
            1,
            'ERROR: TF200016: The following project does not exist: nowhere. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.',
          ],
          [1, 'ERROR: Build pipeline 7 was not found.'],
          // For a group the service answers null; these words are the client's.
          [1, 'ERROR: Variable group with Id 7 could not be found.'],
        ],
      );
    }));

  it('comes through the tunnel, and only when it knows the authority of the certificate', () =>
    withAz({}, async ({ ado, hosts, az }) => {
      const list = 'pipelines variable-group list';

      assert.match((await az(list, { env: { REQUESTS_CA_BUNDLE: '' } })).said, /CERTIFICATE_VERIFY_FAILED/);
      assert.deepEqual(ado.requests, []);
      assert.deepEqual((await az(list)).printed, []);
      assert.ok(hosts.requests.includes('dev.azure.com:443'));
    }));
});
