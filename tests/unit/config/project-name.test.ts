import assert from 'node:assert/strict';
import { azureDevOpsProject, project } from '#task/config/fields.js';

const problemWith = (text: string): string | undefined =>
  azureDevOpsProject.safeParse(text).error?.issues[0]?.message;

describe('azureDevOpsProject', () => {
  for (const name of [
    '',
    'Shop',
    'My shop (2)',
    'a.b',
    '7d1f6c1e-52f1-4f1c-9a0e-6d8c2b1a4e30',
    '日本',
    '%2e%2e',
  ]) {
    it(`may be ${JSON.stringify(name)}`, () => {
      assert.equal(problemWith(name), undefined);
    });
  }

  for (const name of ['.', '..', '...', '.a', 'a.', '../Other', 'a/b', 'a\\b', 'a\tb', 'a\ud800']) {
    it(`is no name that leads elsewhere: ${JSON.stringify(name)}`, () => {
      assert.match(
        problemWith(name) ?? '',
        /^is ".*", which is not a valid project name\. Enter the name or ID/,
      );
    });
  }
});

describe('project', () => {
  it('may be a slug that Infisical made of a long name', () => {
    const slug = `${'a-long-name-'.repeat(5)}shop-x7yz`;

    assert.equal(slug.length, 69);
    assert.deepEqual(project.safeParse(slug).data, { kind: 'slug', text: slug });
  });

  it('is no slug that Infisical can’t store', () => {
    assert.equal(project.safeParse('x'.repeat(255)).success, true);
    assert.equal(project.safeParse('x'.repeat(256)).success, false);
  });
});
