import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { defaultsOf } from '../../scripts/form/definition.js';
import { connectionFieldId, taskFieldId } from '../../scripts/form/page-data.js';
import { readConnectionType, readTask } from '../../scripts/form/page-file.js';
import { isShown, parseRule, shownInputs } from '../../scripts/form/visible-rule.js';
import { aWorld, usualInputs } from '../support/world.js';
import { runOn, type Step } from '../support/yaml-documents.js';
import { usesForm, type FormPage } from './form-page.js';

const task = readTask();
const connection = readConnectionType();

describe('the preview of the forms', () => {
  const current = usesForm();
  let form: FormPage;
  beforeEach(() => {
    form = current();
  });

  it('shows each input exactly when its rule and that of its group say so', async () => {
    const page = await form.open();
    const rules = [...task.inputs, ...task.groups].flatMap(({ visibleRule = '' }) =>
      visibleRule === '' ? [] : parseRule(visibleRule).conditions,
    );
    const deciding = [...new Set(rules.map(({ input }) => input))];
    const seen = { shown: new Set<string>(), hidden: new Set<string>() };
    for (const values of combinations(deciding)) {
      await page.evaluate(
        `for (const [name, value] of Object.entries(${JSON.stringify(values)})) {
          const field = document.getElementById('task-' + name);
          if (field.type === 'checkbox') field.checked = value === 'true'; else field.value = value;
          field.dispatchEvent(new Event('input', { bubbles: true }));
        }`,
      );
      const expected = shownInputs(task, values).map(({ name }) => taskFieldId(name));
      assert.deepEqual(await form.shownRows('task'), [taskFieldId('displayName'), ...expected]);
      assert.deepEqual(
        await page.evaluate(`[...document.querySelectorAll('details:not([hidden])')].map(({ id }) => id)`),
        task.groups.flatMap(({ name, visibleRule }) =>
          isShown(visibleRule, values) ? [`group-${name}`] : [],
        ),
      );
      for (const { name } of task.inputs)
        seen[expected.includes(taskFieldId(name)) ? 'shown' : 'hidden'].add(name);
    }
    const ruled = task.inputs.filter(({ visibleRule, groupName }) => {
      const group = task.groups.find(({ name }) => name === groupName);
      return visibleRule !== undefined || group?.visibleRule !== undefined;
    });
    for (const { name } of ruled) assert.ok(seen.shown.has(name) && seen.hidden.has(name), name);
  });

  it('opens the groups that task.json opens', async () => {
    const page = await form.open();
    const opened = await page.evaluate(
      `[...document.querySelectorAll('details')].map(({ id, open }) => [id, open])`,
    );

    assert.deepEqual(
      opened,
      task.groups.map(({ name, isExpanded }) => [`group-${name}`, isExpanded]),
    );
  });

  it('has a label, a mark when it is required, and a help text for every input', async () => {
    const page = await form.open();
    const shown = await page.evaluate<[string, string, number][]>(
      `[...document.querySelectorAll('#task-form .field')].map((row) => {
        const control = row.querySelector('input, select, textarea');
        const help = document.getElementById(control.getAttribute('aria-describedby'));
        return [control.id, control.labels[0].textContent, help.textContent.length];
      })`,
    );
    assert.deepEqual(
      shown.slice(1).map(([id, label]) => [id, label]),
      task.inputs.map(({ name, label, required }) => [
        taskFieldId(name),
        required === true ? `${label} *` : label,
      ]),
    );
    for (const [id, , helpLength] of shown) assert.ok(helpLength > 30, id);
  });

  it('can be filled, read and copied by keyboard alone', async () => {
    const page = await form.open();
    const type = async (name: string, text: string): Promise<void> => {
      await form.tabTo(taskFieldId(name));
      await page.keyboard.type(text);
    };
    await type('infisicalConnection', 'infisical');
    await type('infisicalProject', 'shop');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const help = page.locator(`#${taskFieldId('infisicalSync')}-help`);
    assert.ok(await help.isVisible());
    await page.keyboard.press('Escape');
    assert.equal(await help.isVisible(), false);
    await type('environment', 'prod');
    await form.tabTo(taskFieldId('recursive'));
    await page.keyboard.press('Space');
    await form.tabTo(taskFieldId('destination'));
    await page.keyboard.type('Pipeline variables');
    await form.tabTo(taskFieldId('setAsOutput'));
    await page.keyboard.press('Space');
    await type('keySchema', 'APP_{{secretKey}}');
    // Closed groups open by the keyboard, too.
    await page.keyboard.press('Tab');
    while ((await page.evaluate('document.activeElement.parentElement.id')) !== 'group-details')
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await type('syncName', 'shop-prod');
    while ((await page.evaluate('document.activeElement.textContent')) !== 'Copy')
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');

    await page.getByText('Copied').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.equal(copied, await form.yaml());
    assert.deepEqual(parse(copied), [
      {
        task: 'InfisicalSecretSync@1',
        inputs: {
          ...{
            infisicalConnection: 'infisical',
            infisicalProject: 'shop',
            environment: 'prod',
            recursive: true,
          },
          ...{ destination: 'pipelineVariables', setAsOutput: true },
          ...{ keySchema: 'APP_{{secretKey}}', syncName: 'shop-prod' },
        },
      },
    ]);
  });

  it('says which required fields are still empty', async () => {
    const page = await form.open();
    const missing = page.locator('#yaml-missing');
    assert.equal(
      await missing.textContent(),
      'Still empty: Infisical connection, Infisical project, Variable group',
    );

    await form.fill(usualInputs);

    assert.equal(await missing.textContent(), '');
  });

  it('names the step after its action and source until somebody names it', async () => {
    const page = await form.open();
    const name = page.locator(`#${taskFieldId('displayName')}`);
    assert.equal(await name.inputValue(), 'Infisical secrets: sync');
    await form.fill({ ...usualInputs, secretPath: '/api' });
    assert.equal(await name.inputValue(), 'Infisical secrets: sync shop prod');
    assert.doesNotMatch(await form.yaml(), /displayName/);

    await name.fill('Fetch secrets');
    await name.blur();
    await form.fill({ environment: 'dev' });
    assert.equal(await name.inputValue(), 'Fetch secrets');
    assert.match(await form.yaml(), /displayName: Fetch secrets/);

    await name.fill('');
    await name.blur();
    assert.equal(await name.inputValue(), 'Infisical secrets: sync shop dev');
    assert.doesNotMatch(await form.yaml(), /displayName/);
  });

  for (const [name, wrong, right] of [
    ['secretPath', 'api', '/api'],
    ['keySchema', 'APP_', 'APP_{{secretKey}}'],
  ] as const) {
    it(`says what is wrong with ${name} when it is left, and no longer once it is right`, async () => {
      const page = await form.open();
      const control = page.locator(`#${taskFieldId(name)}`);
      const problem = page.locator(`#${taskFieldId(name)}-problem`);
      const said = async (): Promise<unknown[]> => [
        await problem.textContent(),
        await control.getAttribute('aria-invalid'),
        await control.getAttribute('aria-errormessage'),
      ];
      await control.fill(wrong);
      assert.equal(await problem.textContent(), '');
      await control.blur();
      const { message } = task.inputs.find((input) => input.name === name)?.validation ?? {};
      assert.deepEqual(await said(), [message, 'true', `${taskFieldId(name)}-problem`]);

      await control.fill(right);
      assert.deepEqual(await said(), ['', 'false', null]);

      await control.fill('$(variable)');
      await control.blur();
      assert.deepEqual(await said(), ['', 'false', null]);
    });
  }

  it('offers groups of the chosen project, and takes what is not in any list', async () => {
    const page = await form.open();
    const offered = (): Promise<string[]> =>
      page
        .locator(`#${taskFieldId('variableGroup')}-list option`)
        .evaluateAll((all) => all.map((option) => (option as unknown as { value: string }).value));
    assert.deepEqual(await offered(), ['shop-dev', 'shop-prod']);

    await form.fill({ azureDevOpsProject: 'Warehouse' });
    assert.deepEqual(await offered(), ['warehouse-prod']);

    await form.fill({ azureDevOpsProject: 'Elsewhere', variableGroup: '$(group)' });
    assert.deepEqual(await offered(), []);
    assert.match(await form.yaml(), /variableGroup: \$\(group\)/);
  });

  for (const given of [
    { variableGroup: 'shop-prod', recursive: true, authorizePipelines: 'allPipelines' },
    { destination: 'pipelineVariables', setAsOutput: true },
    { destination: 'pipelineDefinition', keySchema: 'APP_{{secretKey}}', maxDeletions: '3' },
    { variableGroup: 'new: group #1', action: 'plan', syncName: 'no' },
  ]) {
    it(`gives YAML that an editor accepts and an agent runs: ${JSON.stringify(given)}`, async () => {
      await form.open();
      const source = { infisicalConnection: 'infisical', infisicalProject: 'shop', environment: 'prod' };
      await form.openGroups();
      await form.fill({ ...source, ...given });
      const [step] = parse(await form.yaml()) as [Step];
      const world = await aWorld();
      const job = world.job();
      try {
        const inputs = Object.entries(step.inputs ?? {}).map(([name, value]) => [name, String(value)]);
        const asText = Object.fromEntries(inputs) as Record<string, string>;
        assert.deepEqual(job.lint({ name: 'sync', task: step.task ?? '', inputs: asText }), []);
        assert.equal((await runOn(job, step)).result, 'Succeeded');
        assert.deepEqual(step.inputs, { ...source, ...given });
      } finally {
        job.dispose();
        await world.close();
      }
    });
  }

  it('shows of the service connection what the chosen way to sign in needs, and hides what is typed secretly', async () => {
    const page = await form.open();
    await page.getByRole('tab', { name: 'Service connection' }).click();
    const general = ['scheme', 'url', ...connection.inputDescriptors.map(({ id }) => id)];
    const last = ['name', 'description', 'allPipelines'];
    for (const { displayName, inputDescriptors: all } of connection.authenticationSchemes) {
      const inputDescriptors = all.filter(({ values }) => values?.isDisabled !== true);
      await page.selectOption(`#${connectionFieldId('', 'scheme')}`, displayName);
      assert.deepEqual(await form.shownRows('connection'), [
        ...general.map((id) => connectionFieldId('', id)),
        ...inputDescriptors.map(({ id }) => connectionFieldId(displayName, id)),
        ...last.map((id) => connectionFieldId('', id)),
      ]);
      for (const { id, isConfidential } of inputDescriptors) {
        const hides = await page.evaluate<boolean>(
          `(({ type }, style) => type === 'password' || style.webkitTextSecurity === 'disc')(
            document.getElementById('${connectionFieldId(displayName, id)}'),
            getComputedStyle(document.getElementById('${connectionFieldId(displayName, id)}')))`,
        );
        assert.equal(hides, isConfidential, `${displayName}: ${id}`);
      }
    }
  });

  it('offers the step the connection that was named, and walks between the forms by arrow keys', async () => {
    const page = await form.open();
    await form.tabTo('task-tab');
    await page.keyboard.press('ArrowRight');
    await form.tabTo(connectionFieldId('', 'name'));
    await page.keyboard.press('Control+A');
    await page.keyboard.type('infisical-eu');
    assert.equal(await page.locator('#connection-yaml').textContent(), 'infisicalConnection: infisical-eu\n');

    await page.getByRole('tab', { name: 'Task' }).press('Enter');
    const list = page.locator(`#${taskFieldId('infisicalConnection')}-list option`);
    assert.equal(await list.getAttribute('value'), 'infisical-eu');
  });
});

/** Every combination of values of the inputs that rules ask for. */
function combinations(names: readonly string[]): Record<string, string>[] {
  const [name, ...rest] = names;
  if (name === undefined) return [defaultsOf(task.inputs)];
  const options = Object.keys(task.inputs.find((input) => input.name === name)?.options ?? {});
  assert.ok(options.length > 1, `${name} decides, so the test has to know how to choose there`);
  return combinations(rest).flatMap((others) => options.map((option) => ({ ...others, [name]: option })));
}
