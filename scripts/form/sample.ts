/** What the pickers of the preview offer. In Azure DevOps they ask the organization. */

export const sampleProjects = ['Shop', 'Warehouse'];

/** Variable groups by project; a pipeline of the first project shows the form. */
export const sampleGroups: Readonly<Record<string, readonly string[]>> = {
  Shop: ['shop-dev', 'shop-prod'],
  Warehouse: ['warehouse-prod'],
};

/** Names of service connections by their type. */
export const sampleConnections: Readonly<Record<string, readonly string[]>> = {
  infisicalMachineIdentity: ['infisical'],
  workloadidentityuser: ['other-organization'],
  externaltfs: ['other-organization-token'],
};
