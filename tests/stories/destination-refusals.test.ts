import { type World } from '../support/world.js';
import { prod, tellWhy, type Refusal } from './refused.js';

const addGroup = (world: World, rest: { type?: string; description?: string } = {}): void => {
  world.ado.addGroup({ project: 'Shop', name: 'shop-prod', variables: { THEIRS: 'x' }, ...rest });
};

const refusals: Refusal[] = [
  {
    title: 'an unknown Azure DevOps project',
    inputs: { azureDevOpsProject: 'Nope' },
    message: /Azure DevOps has no project "Nope"/,
  },
  ...['.', '..', '../Shop'].map((azureDevOpsProject) => ({
    title: `a project that would lead elsewhere: ${azureDevOpsProject}`,
    inputs: { azureDevOpsProject },
    message: /azureDevOpsProject: is "\.[^"]*", which is not a valid project name/,
  })),
  {
    title: 'a job token that is not accepted',
    prepare: (world) => {
      world.build.bearer = 'another-one';
    },
    message: /did not accept the job’s token/,
  },
  {
    title: 'no Creator role',
    prepare: (world) => {
      world.build.library = 'reader';
    },
    message:
      /"Shop Build Service \(example-org\)" may not create variable groups in project "Shop".*Creator role/,
  },
  {
    title: 'no Administrator role',
    prepare: (world) => {
      addGroup(world);
      world.build.library = 'user';
    },
    inputs: { disableSecretDeletion: 'true' },
    message: /may not change the variable group "shop-prod".*Administrator role/,
  },
  {
    title: 'a group that exists but does not show',
    prepare: (world) => {
      addGroup(world);
      world.build.library = 'creator';
    },
    message:
      /says that a variable group "shop-prod" exists.*does not show it to the identity that this run signs in with/,
  },
  {
    title: 'a group linked to a vault',
    prepare: (world) => {
      addGroup(world, { type: 'AzureKeyVault' });
    },
    message: /is linked to a vault \(type "AzureKeyVault"\)/,
  },
  {
    title: 'a first sync that would take something away',
    prepare: (world) => {
      addGroup(world);
    },
    message: /first sync "shop-prod-\w{8}" into variable group "shop-prod".*"THEIRS"/,
  },
  {
    title: 'a group that belongs to another sync',
    prepare: (world) => {
      addGroup(world, { description: '[infisical-sync: other]' });
    },
    inputs: { disableSecretDeletion: 'true' },
    message: /belongs to sync "other"/,
  },
  {
    title: 'too many deletions',
    prepare: async (world) => {
      await world.sync();
      world.infisical.deleteSecret(prod, 'API_KEY');
    },
    inputs: { maxDeletions: '0' },
    message: /delete or empty 1 of 2 variables.*set maxDeletions to 1/,
  },
  {
    title: 'a value that Azure DevOps does not take',
    prepare: (world) => {
      world.infisical.setSecret(prod, 'LONG', 'x'.repeat(5000));
    },
    message: /refused the content of the variable group "shop-prod".*4,096 characters/,
  },
];

describe('a run whose destination refuses', () => {
  tellWhy(refusals);
});
