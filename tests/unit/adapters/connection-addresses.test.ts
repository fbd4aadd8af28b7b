import assert from 'node:assert/strict';
import { tokenIdentity } from '#task/adapters/azure-devops/sign-in/connections.js';
import { aServiceConnection } from '../../support/builders.js';

describe('the address of an organization or a collection', () => {
  for (const [url, project, organization] of [
    ['https://dev.azure.com/other/My%20Shop/', 'My Shop', 'https://dev.azure.com/other'],
    ['https://other.visualstudio.com/Shop/_git/code', 'Shop', 'https://other.visualstudio.com'],
    ['https://other.visualstudio.com/DefaultCollection/Shop', 'Shop', 'https://other.visualstudio.com'],
  ] as const) {
    it(`is not that of a project: ${url}`, () => {
      assert.throws(() => tokenIdentity(aServiceConnection({ url })), {
        name: 'ConfigError',
        message: `Fix these inputs:\n- azureDevOpsTokenConnection: its URL names the project "${project}" after the organization. Use "${organization}" as the URL, and enter the project in azureDevOpsProject.`,
      });
    });
  }

  for (const url of [
    'https://other.visualstudio.com/DefaultCollection',
    'https://dev.azure.com/other/',
    'https://server/tfs/DefaultCollection/Shop',
    'https://server/Shop/Shop',
  ]) {
    it(`may be ${url}, since nobody can tell a collection from a project there`, () => {
      assert.equal(tokenIdentity(aServiceConnection({ url })).collectionUrl, url);
    });
  }
});
