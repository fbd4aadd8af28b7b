import type { TaskDefinition, TaskInput } from '../../emulators/agent/task-definition.js';

/** Tasks of Azure Pipelines itself in our documents, as far as they are used there. */

const input = (name: string, type = 'string', more: Partial<TaskInput> = {}): TaskInput => ({
  name,
  type,
  required: true,
  ...more,
});
const optional = (name: string, type = 'string'): TaskInput => input(name, type, { required: false });

function aTask(name: string, Major: number, inputs: TaskInput[]): TaskDefinition {
  const version = { Major, Minor: 0, Patch: 0 };
  return { id: '', name, friendlyName: name, description: '', version, inputs };
}

export const builtInTasks: readonly TaskDefinition[] = [
  aTask('AzureKeyVault', 2, [
    input('azureSubscription', 'connectedService:AzureRM', { aliases: ['ConnectedServiceName'] }),
    input('KeyVaultName'),
    optional('SecretsFilter'),
    optional('RunAsPreJob', 'boolean'),
  ]),
  aTask('AzureCLI', 2, [
    input('azureSubscription', 'connectedService:AzureRM', { aliases: ['connectedServiceNameARM'] }),
    input('scriptType', 'pickList', {
      options: { ps: 'ps', pscore: 'pscore', batch: 'batch', bash: 'bash' },
    }),
    input('scriptLocation', 'pickList', {
      options: { inlineScript: 'Inline script', scriptPath: 'Script path' },
      defaultValue: 'scriptPath',
    }),
    optional('inlineScript'),
  ]),
  aTask('UseNode', 1, [optional('version')]),
];
