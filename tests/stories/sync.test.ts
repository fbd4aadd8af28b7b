import assert from 'node:assert/strict';
import { describedIn } from '../support/described.js';
import { aWorld, canary, type World } from '../support/world.js';

describe('a sync to a variable group', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  const prod = { project: 'shop', environment: 'prod' };
  const secret = (value: string) => ({ value, isSecret: true, isReadOnly: false });
  const plain = (value: string) => ({ value, isSecret: false, isReadOnly: false });
  const marked = '[infisical-sync: shop-prod… owns *]\n[infisical-sync-record: …]';

  it('creates the group with every secret, marked and verified', async () => {
    const step = await world.sync();

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(world.ado.variables('Shop', 'shop-prod'), {
      API_KEY: secret(canary.api),
      DB_PASSWORD: secret(canary.database),
    });
    assert.equal(describedIn(world), marked);
    assert.match(
      step.log,
      /Synced and verified: variable group "shop-prod" in project "Shop" \(new group\): 2 created\./,
    );
  });

  it('sets the output variables, the summary and a report without values', async () => {
    const step = await world.sync();

    const { reportFile, ...outputs } = step.outputs;
    assert.deepEqual(outputs, {
      syncStatus: 'synced',
      hasChanges: 'true',
      createdCount: '2',
      updatedCount: '0',
      rewrittenCount: '0',
      deletedCount: '0',
      keptCount: '0',
      variableGroupId: '1',
      planDigest: '',
    });
    assert.match(reportFile ?? '', /report\.json$/);
    assert.equal(step.summaries.length, 1);
    assert.match(step.summaries[0]?.content ?? '', /## ✅ Synced: 2 created/);
    assert.deepEqual(
      step.progress.map(({ percent }) => percent),
      [10, 40, 50, 90, 100],
    );
  });

  it('updates, creates and deletes on a second run, and says each', async () => {
    await world.sync();
    world.infisical.setSecret(prod, 'API_KEY', canary.old);
    world.infisical.setSecret(prod, 'NEW', 'new-value');
    world.infisical.deleteSecret(prod, 'DB_PASSWORD');

    const step = await world.sync();

    assert.deepEqual(world.ado.variables('Shop', 'shop-prod'), {
      API_KEY: secret(canary.old),
      NEW: secret('new-value'),
    });
    assert.match(step.log, /- DB_PASSWORD {2}delete {11}not in Infisical/);
    assert.deepEqual(
      [step.outputs['createdCount'], step.outputs['updatedCount'], step.outputs['deletedCount']],
      ['1', '1', '1'],
    );
  });

  it('keeps what is outside the key schema to the letter: secrets, plain values, flags, text, provider data', async () => {
    world.ado.addGroup({
      project: 'Shop',
      name: 'shop-prod',
      description: 'by hand',
      providerData: { note: 'kept' },
      variables: {
        THEIRS: { value: canary.old, isSecret: true },
        LOCKED: { value: 'x', isReadOnly: true },
        app_api_key: { value: 'before', isSecret: true, isReadOnly: true },
      },
    });

    const step = await world.sync({ keySchema: 'APP_{{secretKey}}' });

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(world.ado.variables('Shop', 'shop-prod'), {
      app_api_key: { value: canary.api, isSecret: true, isReadOnly: true },
      APP_DB_PASSWORD: secret(canary.database),
      LOCKED: { value: 'x', isSecret: false, isReadOnly: true },
      THEIRS: secret(canary.old),
    });
    const group = world.ado.group('Shop', 'shop-prod');
    const ours = marked.replace('*', 'APP_*');
    assert.deepEqual([describedIn(world), group?.providerData], [`by hand\n${ours}`, { note: 'kept' }]);
  });

  it('writes values byte for byte: lines, quotes, percent signs, braces, Unicode beyond the BMP', async () => {
    const value = `line 1 %3B;]\r\n"quoted" \\ ##vso[task.complete]\t😀 ${canary.api}`;
    world.infisical.setSecret(prod, 'PEM', canary.key);
    world.infisical.setSecret(prod, 'ODD', value);

    const step = await world.sync();

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(world.ado.variables('Shop', 'shop-prod')['PEM'], secret(canary.key));
    assert.deepEqual(world.ado.variables('Shop', 'shop-prod')['ODD'], secret(value));
  });

  it('masks every value and its lines before the first word about them', async () => {
    world.infisical.setSecret(prod, 'PEM', canary.key);

    const step = await world.sync();

    for (const form of [canary.api, canary.database, canary.key, ...canary.key.split('\n')]) {
      assert.ok(step.masks.includes(form));
    }
    const lastMask = step.raw.findLastIndex((line) => line.startsWith('##vso[task.setsecret]'));
    assert.ok(lastMask < step.raw.findIndex((line) => line.startsWith('Plan for')));
  });

  it('writes an empty secret as a plain empty variable and warns when it was not empty before', async () => {
    await world.sync();
    world.infisical.setSecret(prod, 'API_KEY', '');

    const step = await world.sync();

    assert.equal(step.result, 'SucceededWithIssues');
    assert.deepEqual(world.ado.variables('Shop', 'shop-prod')['API_KEY'], plain(''));
    assert.match(step.issues[0]?.message ?? '', /1 secret became empty in Infisical: "API_KEY"/);
    assert.equal((await world.sync()).result, 'Succeeded');
  });

  it('makes tagged secrets plain, and writes nothing when all that is plain is the same', async () => {
    world.infisical.deleteSecret(prod, 'API_KEY');
    world.infisical.setSecret(prod, 'DB_PASSWORD', 'localhost', { tags: ['plain'] });
    await world.sync({ plainTag: 'plain' });
    const before = world.ado.group('Shop', 'shop-prod')?.modifiedOn;

    const step = await world.sync({ plainTag: 'plain' });

    assert.deepEqual(world.ado.variables('Shop', 'shop-prod'), { DB_PASSWORD: plain('localhost') });
    assert.deepEqual([step.outputs['syncStatus'], step.outputs['hasChanges']], ['unchanged', 'false']);
    assert.equal(world.ado.group('Shop', 'shop-prod')?.modifiedOn, before);
  });

  it('keeps what is not in Infisical with disableSecretDeletion', async () => {
    world.ado.addGroup({
      project: 'Shop',
      name: 'shop-prod',
      variables: { THEIRS: { value: canary.old, isSecret: true } },
    });

    const step = await world.sync({ disableSecretDeletion: 'true' });

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(world.ado.variables('Shop', 'shop-prod')['THEIRS'], secret(canary.old));
  });

  it('overwrites an existing group when it is told to', async () => {
    world.ado.addGroup({ project: 'Shop', name: 'Shop-PROD', variables: { THEIRS: 'x' } });

    const step = await world.sync({ initialSyncBehavior: 'overwriteDestination' });

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(Object.keys(world.ado.variables('Shop', 'Shop-PROD')), ['API_KEY', 'DB_PASSWORD']);
  });

  it('brings imports and references, and takes nothing away while an import gives nothing', async () => {
    world.infisical.setSecret({ ...prod, path: '/shared' }, 'SHARED', canary.plain);
    world.infisical.addImport(prod, { environment: 'prod', path: '/shared' });
    world.infisical.setSecret(prod, 'URL', 'postgres://${DB_PASSWORD}@db');
    await world.sync();
    assert.deepEqual(world.ado.variables('Shop', 'shop-prod')['SHARED'], secret(canary.plain));
    assert.deepEqual(
      world.ado.variables('Shop', 'shop-prod')['URL'],
      secret(`postgres://${canary.database}@db`),
    );
    world.infisical.deleteSecret({ ...prod, path: '/shared' }, 'SHARED');

    const step = await world.sync();

    assert.equal(step.result, 'SucceededWithIssues');
    assert.match(
      step.issues[0]?.message ?? '',
      /Nothing was deleted or emptied.*"prod:\/shared".*These variables were kept: "SHARED"/,
    );
    assert.deepEqual(world.ado.variables('Shop', 'shop-prod')['SHARED'], secret(canary.plain));
  });

  it('includes subfolders when asked, and leaves references alone when told', async () => {
    world.infisical.setSecret({ ...prod, path: '/a/b' }, 'DEEP', 'see ${prod.nowhere.X}');

    const step = await world.sync({ recursive: 'true', expandSecretReferences: 'false' });

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(world.ado.variables('Shop', 'shop-prod')['DEEP'], secret('see ${prod.nowhere.X}'));
  });

  it('replaces the description’s text when one is given and keeps marks', async () => {
    await world.sync();

    await world.sync({ syncDescription: 'Secrets of the shop' });

    assert.equal(describedIn(world), `Secrets of the shop\n${marked}`);
  });

  it('lets pipelines use the group, once', async () => {
    await world.sync({ authorizePipelines: 'thisPipeline' });
    assert.deepEqual(world.ado.authorizedPipelines('Shop', 'shop-prod'), {
      all: false,
      pipelines: [world.pipelineId],
    });

    await world.sync({ authorizePipelines: 'allPipelines' });
    await world.sync({ authorizePipelines: 'allPipelines' });

    assert.equal(world.ado.authorizedPipelines('Shop', 'shop-prod').all, true);
    assert.equal(world.ado.requests.filter(({ method }) => method === 'PATCH').length, 2);
  });

  it('warns after the write when it may not let pipelines use the group', async () => {
    world.build.mayAuthorize = false;

    const step = await world.sync({ authorizePipelines: 'allPipelines' });

    assert.equal(step.result, 'SucceededWithIssues');
    assert.match(
      step.issues[0]?.message ?? '',
      /^The group itself was written, but Azure DevOps did not confirm that all pipelines may use the variable group "shop-prod"/,
    );
    assert.equal(step.outputs['syncStatus'], 'synced');
  });

  it('writes to another project of the organization, by name', async () => {
    world.ado.addProject({ name: 'Other Project' });

    const step = await world.sync({ azureDevOpsProject: 'other project' });

    assert.equal(step.result, 'Succeeded');
    assert.equal(Object.keys(world.ado.variables('Other Project', 'shop-prod')).length, 2);
  });

  it('signs in with a static token and never revokes it; revokes what it obtained', async () => {
    assert.equal((await world.sync({}, { auth: 'token' })).result, 'Succeeded');
    assert.equal(
      world.infisical.requests.some(({ path }) => path.endsWith('/revoke')),
      false,
    );

    await world.sync();

    assert.deepEqual(
      world.infisical.tokens.map(({ revoked }) => revoked),
      [true],
    );
  });

  it('takes a URL with /api at its end, and a project by ID', async () => {
    const { id } = world.infisical.addProject({ slug: 'second', environments: ['prod'] });
    world.infisical.setSecret({ project: 'second', environment: 'prod' }, 'A', 'second-value');
    world.infisical.addMachineIdentity({
      name: 'x',
      tokenAuth: { accessToken: canary.old },
      projects: { second: 'admin' },
    });

    const connection = {
      url: `${world.infisical.url}/api/`,
      scheme: 'Token',
      parameters: { apitoken: canary.old },
    };
    const step = await world.sync({ infisicalProject: id }, { connection });

    assert.equal(step.result, 'Succeeded');
    assert.equal(
      world.infisical.requests.some(({ path }) => path.includes('/slug/')),
      false,
    );
  });

  it('shows requests without bodies, headers and queries when system.debug is on', async () => {
    const step = await world.sync({}, { agent: { debug: true } });

    assert.match(step.log, /##\[debug\]GET \/api\/v4\/secrets 200 \d+ ms attempt 1/);
    assert.doesNotMatch(step.log, /api-version=|Bearer|secretPath=%2F/);
  });
});
