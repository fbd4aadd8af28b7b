import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { taskFieldId } from '../../scripts/form/page-data.js';
import { usualInputs } from '../support/world.js';
import { usesForm, type FormPage } from './form-page.js';

const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

describe('the preview of the forms, for everybody', () => {
  const current = usesForm();
  let form: FormPage;
  beforeEach(() => {
    form = current();
  });

  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1200, 360]) {
      it(`is readable and usable for everybody, ${colorScheme}, ${String(width)} pixels wide`, async () => {
        const page = await form.open({ colorScheme, width });
        await form.fill({
          ...usualInputs,
          variableGroup: 'a-group-with-a-name-that-is-much-longer-than-a-phone-is-wide',
          secretPath: 'no-slash',
        });
        await form.openGroups();
        for (const tab of ['Task', 'Service connection']) {
          await page.getByRole('tab', { name: tab, exact: true }).click();
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
          assert.deepEqual(await violations(form), []);
        }
        const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
        const brightness = Number(/\d+/.exec(ground)?.[0]);
        assert.equal(brightness > 128, colorScheme === 'light');
      });
    }

  it('keeps a help text within the window, on a phone, at the top and at the bottom', async () => {
    const page = await form.open({ width: 360, height: 640 });
    for (const name of ['infisicalConnection', 'authorizePipelines', 'action']) {
      const button = page.locator(`#${taskFieldId(name)}-row .info`);
      await button.scrollIntoViewIfNeeded();
      await button.click();
      const box = await page.locator(`#${taskFieldId(name)}-help`).boundingBox();
      assert.ok(box !== null && box.x >= 0 && box.x + box.width <= 360, name);
      assert.ok(box.y >= 0 && box.y + box.height <= 640, name);
      await page.keyboard.press('Escape');
    }
  });
});

async function violations({ page }: FormPage): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target + ' ' + failureSummary)))`,
  );
}
