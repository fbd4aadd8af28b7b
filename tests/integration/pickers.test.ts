import assert from 'node:assert/strict';
import Handlebars from 'handlebars';
import { JSONPath } from 'jsonpath-plus';
import type { DataSourceBinding } from '../../scripts/form/definition.js';
import { readTask } from '../../scripts/form/page-file.js';
import { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';

/** Azure DevOps asks itself for what a picker offers, as the person who edits; so far as that is documented. */
class Picker {
  readonly #binding: DataSourceBinding;
  readonly #ado: AzureDevOpsEmulator;
  readonly #handlebars = Handlebars.create();
  calls = 0;

  constructor(target: string, ado: AzureDevOpsEmulator) {
    const binding = readTask().dataSourceBindings?.find((candidate) => candidate.target === target);
    assert.ok(binding);
    this.#binding = binding;
    this.#ado = ado;
    this.#handlebars.registerHelper('add', (a: string, b: number) => Number(a) + b);
    this.#handlebars.registerHelper('isEqualNumber', (a: number, b: number) => a === b);
  }

  /** The values that it offers while the form holds these inputs; at most five calls, each under 2 MB. */
  async offers(inputs: Record<string, string> = {}): Promise<string[]> {
    const { parameters = {}, endpointUrl, initialContextTemplate = '{}' } = this.#binding;
    const given = Object.entries(parameters).map(([name, from]) => [name, inputs[from.slice(2, -1)] ?? '']);
    const fixed = {
      endpoint: { url: this.#ado.collectionUrl.replace(/\/$/, '') },
      system: { teamProject: shop.id },
      ...(Object.fromEntries(given) as Record<string, string>),
    };
    let context = this.#json(initialContextTemplate, fixed);
    const offered: string[] = [];
    for (this.calls = 1; this.calls <= 5; this.calls += 1) {
      const url = this.#render(endpointUrl, { ...fixed, ...context });
      const response = await fetch(url, { headers: { Authorization: 'Bearer editor-token' } });
      const text = await response.text();
      assert.equal(response.status, 200, text);
      assert.ok(text.length < 2_000_000);
      const result = JSON.parse(text) as { value: object[] };
      offered.push(...this.#rows(result).map(({ Value }) => Value));
      const answer = { ...context, result, headers: Object.fromEntries(response.headers) };
      if (this.#render(this.#binding.callbackRequiredTemplate ?? '', answer) !== 'true') break;
      context = this.#json(this.#binding.callbackContextTemplate ?? '{}', answer);
    }
    return offered;
  }

  #rows(result: object): { Value: string; DisplayValue: string }[] {
    const path = this.#binding.resultSelector.replace('jsonpath:', '');
    const found: unknown = JSONPath({ path, json: result });
    return (found as object[]).map(
      (row) => this.#json(this.#binding.resultTemplate, row) as { Value: string; DisplayValue: string },
    );
  }

  /** Azure DevOps also takes three braces around a section. */
  #render(template: string, data: object): string {
    return this.#handlebars.compile(template.replace(/\{\{\{([#/][^}]*)\}\}\}/g, '{{$1}}'))(data);
  }

  #json(template: string, data: object): Record<string, string> {
    return JSON.parse(this.#render(template, data)) as Record<string, string>;
  }
}

const shop = { id: '7d1f6c1e-52f1-4f1c-9a0e-6d8c2b1a4e30', name: 'Shop' };
const depot = { id: '0c9a8b7d-6e5f-4a3b-8c1d-2e3f4a5b6c7d', name: 'Depot North & South' };

for (const profile of ['services', 'server-2019'] as const) {
  describe(`the pickers, against ${profile}`, () => {
    let ado: AzureDevOpsEmulator;
    beforeEach(async () => {
      ado = await AzureDevOpsEmulator.start({ profile });
      for (const project of [shop, depot]) ado.addProject(project);
      ado.addIdentity({ name: 'editor', bearer: 'editor-token' });
      ado.addGroup({ project: 'Shop', name: 'shop-prod', variables: { A: 'x' } });
      ado.addGroup({
        project: 'Shop',
        name: 'vault',
        type: 'AzureKeyVault',
        providerData: {},
        variables: {},
      });
      ado.addGroup({ project: depot.name, name: 'depot-prod', variables: { A: 'x' } });
    });
    afterEach(() => ado.close());

    it('offer the projects by name', async () => {
      assert.deepEqual(await new Picker('azureDevOpsProject', ado).offers(), ['Shop', depot.name]);
    });

    it('offer the groups of this project while none is chosen, but none that is linked to a vault', async () => {
      assert.deepEqual(await new Picker('variableGroup', ado).offers(), ['shop-prod']);
    });

    it('offer the groups of the chosen project, whose name may hold blanks and signs', async () => {
      const picker = new Picker('variableGroup', ado);

      assert.deepEqual(await picker.offers({ azureDevOpsProject: depot.name }), ['depot-prod']);
    });

    it('page through many groups and stop after five calls, which is all that Azure DevOps makes', async () => {
      const picker = new Picker('variableGroup', ado);
      const add = (count: number, name: string): void => {
        for (let index = 0; index < count; index += 1)
          ado.addGroup({ project: 'Shop', name: `${name}-${String(index)}`, variables: {} });
      };
      add(149, 'group');
      assert.equal((await picker.offers()).length, 150);
      assert.equal(picker.calls, 2);

      add(400, 'more');
      assert.equal((await picker.offers()).length, 499);
    });
  });
}
