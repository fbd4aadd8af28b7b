import { withoutRecords } from '../support/described.js';
import { canary, shop, usualInputs, type World } from '../support/world.js';

/** One request of a run without trouble: the `nth` of its method and path. */
export interface Step {
  name: string;
  service: 'Infisical' | 'Azure DevOps';
  method: string;
  path: RegExp;
  nth?: number;
}

/** A destination and what is to become of it. */
export interface Scenario {
  name: string;
  inputs: Record<string, string>;
  /** What is there before the run. */
  prepare: (world: World) => void;
  /** Everything a reader of the destination can see, values of secrets included. */
  look: (world: World) => unknown;
  /** What is not ours in it: it may never change, not even for a moment. */
  foreign: (world: World) => unknown;
  /** Whether the pipelines that were asked for may use the group; undefined where nobody asks. */
  mayUse?: (world: World) => boolean;
  /** In the order of their service. */
  steps: readonly Step[];
}

const other = 'Other';
const readOnlySecret = { value: canary.old, isSecret: true, isReadOnly: true };

const step =
  (service: Step['service'], method: string, path: RegExp) =>
  (name: string, nth = 1): Step => ({ name, service, method, path, nth });
const listGroups = step('Azure DevOps', 'GET', /variablegroups$/);
const getGroup = step('Azure DevOps', 'GET', /distributedtask\/variablegroups\/\d+$/);
const putGroup = step('Azure DevOps', 'PUT', /variablegroups\/\d+$/);
const getDefinition = step('Azure DevOps', 'GET', /build\/definitions\/\d+$/);
const lookUpProject = step('Azure DevOps', 'GET', /_apis\/projects\/[^/]+$/)('project');

const listSecrets = step('Infisical', 'GET', /v4\/secrets$/);
const aroundLists = (...lists: Step[]): Step[] => [
  step('Infisical', 'POST', /login$/)('login'),
  step('Infisical', 'GET', /projects\/slug\//)('slug'),
  ...lists,
  step('Infisical', 'POST', /revoke$/)('sign-out'),
];
/** With values, and beside that without. */
const ofInfisical = aroundLists(listSecrets('secrets'), listSecrets('described', 2));
/** A removal asks for names alone. */
const namesOfInfisical = aroundLists(listSecrets('secrets'));
const permissions: Step[] = [
  step('Azure DevOps', 'GET', /pipelinepermissions/)('permission'),
  step('Azure DevOps', 'PATCH', /pipelinepermissions/)('allow'),
];

/** A group that the sync has written before, with variables of others in it and providers' data. */
function aSharedGroup(world: World, project: string): void {
  world.ado.addGroup({
    project,
    name: 'shop-prod',
    description:
      'Kept by people.\n[infisical-sync: shop-prod-2mlkuz79 owns APP_*]\n[infisical-sync: another owns THEIR_*]',
    variables: {
      THEIR_SECRET: readOnlySecret,
      THEIR_PLAIN: { value: 'their plain value', isReadOnly: true },
      APP_API_KEY: { value: canary.old, isSecret: true },
      APP_PUBLIC: 'old plain value',
    },
  });
}

const lookAtGroup =
  (project: string) =>
  ({ ado }: World): unknown => {
    const group = ado.group(project, 'shop-prod');
    if (group === undefined) return 'no group';
    const { description, type, providerData } = group;
    return {
      description: withoutRecords(description),
      type,
      providerData,
      variables: ado.variables(project, 'shop-prod'),
    };
  };

const theirs =
  (project: string) =>
  ({ ado }: World): unknown =>
    onlyTheirs(ado.variables(project, 'shop-prod'));

function onlyTheirs(variables: object): unknown {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith('THEIR')));
}

export const groupCreate: Scenario = {
  name: 'group, new',
  inputs: {
    ...usualInputs,
    azureDevOpsProject: other,
    authorizePipelines: 'allPipelines',
    plainTag: 'plain',
  },
  prepare: ({ ado }) => {
    ado.addProject({ name: other });
    ado.addGroup({ project: other, name: 'theirs', variables: { THEIR_SECRET: readOnlySecret } });
  },
  look: lookAtGroup(other),
  foreign: ({ ado }) => ado.variables(other, 'theirs'),
  mayUse: ({ ado }) => ado.authorizedPipelines(other, 'shop-prod').all,
  steps: [
    ...ofInfisical,
    listGroups('list'),
    lookUpProject,
    step('Azure DevOps', 'POST', /variablegroups$/)('create'),
    getGroup('read back'),
    ...permissions,
  ],
};

/** A group is read right before it is written when others may write it, and when it is to be deleted. */
const readTwice = [
  listGroups('list'),
  getGroup('read'),
  listGroups('list again', 2),
  getGroup('read again', 2),
];

export const groupUpdate: Scenario = {
  name: 'group, update',
  inputs: {
    ...usualInputs,
    authorizePipelines: 'thisPipeline',
    keySchema: 'APP_{{secretKey}}',
    plainTag: 'plain',
  },
  prepare: (world) => {
    aSharedGroup(world, shop.name);
  },
  look: lookAtGroup(shop.name),
  foreign: theirs(shop.name),
  mayUse: ({ ado, pipelineId }) =>
    ado.authorizedPipelines(shop.name, 'shop-prod').pipelines.includes(pipelineId),
  steps: [
    ...ofInfisical,
    // Others may write this group: it is looked at once more after the write.
    ...readTwice,
    putGroup('write'),
    getGroup('read back', 3),
    listGroups('last list', 3),
    getGroup('last look', 4),
    ...permissions,
  ],
};

export const groupWithDeletion: Scenario = {
  ...groupUpdate,
  name: 'group, deletion',
  inputs: { ...usualInputs, keySchema: 'APP_{{secretKey}}', maxDeletions: '-1' },
  prepare: (world) => {
    aSharedGroup(world, shop.name);
    world.ado.editGroup(shop.name, 'shop-prod', ({ variables }) => {
      for (const name of ['APP_GONE', 'APP_LOST'])
        variables.set(name, { value: canary.old, isSecret: true, isReadOnly: false, extra: {} });
    });
  },
  mayUse: () => true,
  steps: groupUpdate.steps.filter((of) => !permissions.includes(of)),
};

export const groupRemoval: Scenario = {
  name: 'group, removed',
  inputs: { ...usualInputs, azureDevOpsProject: other, action: 'remove' },
  prepare: ({ ado }) => {
    ado.addProject({ name: other });
    ado.addGroup({ project: other, name: 'theirs', variables: { THEIR_SECRET: readOnlySecret } });
    ado.addGroup({
      project: other,
      name: 'shop-prod',
      description: '[infisical-sync: shop-prod-2mlkuz79 owns *]',
      variables: { API_KEY: { value: canary.old, isSecret: true }, DB_PASSWORD: 'x' },
    });
  },
  look: lookAtGroup(other),
  foreign: ({ ado }) => ado.variables(other, 'theirs'),
  steps: [
    ...namesOfInfisical,
    ...readTwice,
    lookUpProject,
    step('Azure DevOps', 'DELETE', /variablegroups\/\d+$/)('delete'),
    getGroup('read back', 3),
  ],
};

export const partRemoval: Scenario = {
  ...groupWithDeletion,
  name: 'group, part removed',
  inputs: { ...usualInputs, keySchema: 'APP_{{secretKey}}', action: 'remove' },
  steps: [...namesOfInfisical, ...groupWithDeletion.steps.slice(ofInfisical.length)],
};

export const definitionUpdate: Scenario = {
  name: 'pipeline definition',
  inputs: {
    ...usualInputs,
    destination: 'pipelineDefinition',
    keySchema: 'APP_{{secretKey}}',
    initialSyncBehavior: 'overwriteDestination',
  },
  prepare: ({ ado, pipelineId }) => {
    ado.definitions.edit(pipelineId, (definition) => {
      definition.body['badgeEnabled'] = true;
      definition.variables = {
        THEIR_SECRET: { value: canary.old, isSecret: true, allowOverride: true },
        THEIR_PLAIN: { value: 'their plain value', isSecret: false, allowOverride: true },
        APP_API_KEY: { value: canary.old, isSecret: true, allowOverride: true },
        APP_GONE: { value: canary.old, isSecret: true, allowOverride: false },
      };
    });
  },
  look: ({ ado, pipelineId }) => {
    const definition = ado.definitions.get(pipelineId);
    return { body: definition?.body, variables: definition?.variables, name: definition?.name };
  },
  foreign: ({ ado, pipelineId }) => {
    const definition = ado.definitions.get(pipelineId);
    return { body: definition?.body, theirs: onlyTheirs(definition?.variables ?? {}) };
  },
  steps: [
    ...ofInfisical,
    getDefinition('read'),
    step('Azure DevOps', 'PUT', /build\/definitions\/\d+$/)('write'),
    getDefinition('read back', 2),
  ],
};

/** What such a run sets is seen in what it says to the agent; the services keep nothing of it. */
export const runVariables: Scenario = {
  name: 'pipeline variables',
  inputs: { ...usualInputs, destination: 'pipelineVariables' },
  prepare: () => undefined,
  look: () => 'nothing is kept',
  foreign: () => 'nothing is kept',
  steps: ofInfisical,
};

export const scenarios = [
  groupCreate,
  groupUpdate,
  groupWithDeletion,
  groupRemoval,
  partRemoval,
  definitionUpdate,
  runVariables,
];
