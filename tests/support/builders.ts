import type { WizardSync } from '#task/domain/wizard-sync.js';
import type { AzureDevOpsIdentity } from '#task/adapters/azure-devops/sign-in/identity.js';
import type { HttpClientOptions } from '#task/adapters/http/client.js';
import { openMac, recordMac } from '#task/adapters/infisical/record-key.js';
import { directNetwork } from '#task/adapters/http/network.js';
import type { ServiceConnection } from '#task/adapters/agent/service-connection.js';
import type { Config } from '#task/config/config.js';
import type { DesiredVariable } from '#task/domain/desired.js';
import {
  pipelineTraits,
  variableGroupTraits,
  type CurrentDestination,
} from '#task/domain/destination-plan.js';
import { parseKeySchema } from '#task/domain/key-schema.js';
import { markedDescription } from '#task/domain/mark.js';
import { ownership } from '#task/domain/ownership.js';
import type { CurrentVariable, PlanPolicy } from '#task/domain/plan.js';
import { SecretValue } from '#task/domain/secret-value.js';
import type { Clock, Prints } from '#task/ports.js';
import type { SyncSettings } from '#task/domain/settings.js';
import type { ListedImport, ListedSecret, SourceScope, SourceSecret } from '#task/domain/source.js';

/** Valid things; a test says only what matters to it. */

export function aListedSecret(
  key: string,
  value = `value of ${key}`,
  rest: Partial<ListedSecret> = {},
): ListedSecret {
  return { key, value: new SecretValue(value), path: '/', hidden: false, ...rest };
}

export function anImport(path: string, secrets: ListedSecret[], environment = 'prod'): ListedImport {
  return { environment, path, secrets };
}

export function aScope(rest: Partial<SourceScope> = {}): SourceScope {
  return {
    environment: 'prod',
    secretPath: '/',
    recursive: false,
    expandSecretReferences: true,
    tags: [],
    ...rest,
  };
}

export function aSecret(
  key: string,
  value = `value of ${key}`,
  rest: Partial<SourceSecret> = {},
): SourceSecret {
  return { key, value: new SecretValue(value), origin: '/', tags: [], ...rest };
}

export function wanted(name: string, value = `value of ${name}`, isSecret = true): DesiredVariable {
  return { name, value: new SecretValue(value), isSecret };
}

export function secretVariable(name: string): CurrentVariable {
  return { name, isSecret: true };
}

export function plainVariable(name: string, value = `value of ${name}`): CurrentVariable {
  return { name, isSecret: false, value: new SecretValue(value) };
}

/** Of a sync whose mark is there, alone. */
export function aPolicy(rest: Partial<PlanPolicy> = {}): PlanPolicy {
  const { keySchema = aSchema('') } = rest;
  const own = { syncName: 'shop-prod', pattern: keySchema.pattern };
  const description = markedDescription('', own);
  return {
    keySchema,
    whose: ownership({ own, names: [], description, carriesMarks: true }),
    disableSecretDeletion: false,
    sourceMayBeIncomplete: false,
    ...rest,
  };
}

export function aSchema(text: string): PlanPolicy['keySchema'] {
  return parseKeySchema(text).in('prod');
}

export function settings(rest: Partial<SyncSettings> = {}): SyncSettings {
  return {
    action: 'sync',
    syncName: 'shop-prod',
    keySchema: aSchema(''),
    plainTag: '',
    overwriteOnFirstSync: false,
    disableSecretDeletion: false,
    autoSync: true,
    detectChanges: true,
    approvedPlan: '',
    allowEmptySource: false,
    ...rest,
  };
}

/** The parts of converging that nobody looks at. */
export const unwatched = {
  digest: { key: { mac: openMac, isSecret: true }, options: [] },
  show: () => undefined,
  stateIs: () => undefined,
};

export const somePrints: Prints = {
  stored: new SecretValue('the secret that signs in'),
  keyed: (secret) => recordMac(secret, 'shop'),
  open: openMac,
};

/** A group that the sync `shop-prod` has written before. */
export function aGroup(
  variables: CurrentVariable[],
  rest: Partial<CurrentDestination> = {},
): CurrentDestination {
  return {
    traits: variableGroupTraits,
    exists: true,
    description: '[infisical-sync: shop-prod owns *]',
    variables,
    ...rest,
  };
}

/** A pipeline, whose variables carry no mark. */
export function aPipeline(variables: CurrentVariable[]): CurrentDestination {
  return { traits: pipelineTraits, exists: true, description: '', variables };
}

export const noGroup: CurrentDestination = {
  traits: variableGroupTraits,
  exists: false,
  description: '',
  variables: [],
};

export function aConfig(rest: { settings?: Partial<SyncSettings> } = {}): Config {
  return {
    connectionId: 'connection-1',
    azureConnectionId: '',
    source: { ...aScope(), project: { kind: 'slug', text: 'shop' }, includeImports: true },
    destination: {
      kind: 'variableGroup',
      signIn: { kind: 'currentPipeline' },
      project: '',
      variableGroup: 'shop-prod',
      authorizePipelines: 'none',
    },
    settings: settings(rest.settings),
    notices: [],
  };
}

export function anIdentity(
  collectionUrl = 'https://dev.azure.com/org/',
  token = 'token',
): AzureDevOpsIdentity {
  return {
    collectionUrl,
    title: '"P Build Service (o)"',
    whenRefused: 'it did not accept the job’s token.',
    toSeeProject: 'Make it a member there.',
    authorization: () => Promise.resolve(new SecretValue(`Bearer ${token}`)),
  };
}

/** In the form that tokens have. */
export const aToken = 'a-token.of_the-usual~form+/==';

/** A service connection as the agent hands it over. */
export function aServiceConnection(
  rest: Partial<Omit<ServiceConnection, 'data'>> & { data?: Record<string, string> } = {},
): ServiceConnection {
  const { data = {}, ...given } = rest;
  return {
    id: '0d6d0f3a-6a4b-4f0e-9a6e-1b0d7c1f2e3a',
    url: 'https://infisical.example',
    scheme: 'Token',
    parameters: { apitoken: aToken },
    ...given,
    data: (name) => data[name] ?? '',
  };
}

/** Straight to every address, never asked to stop, traced by nobody. */
export function clientOptions(clock: Clock): HttpClientOptions {
  const never = new AbortController().signal;
  return {
    clock,
    network: directNetwork,
    cancelled: never,
    writeCutOff: never,
    trace: () => undefined,
  };
}

/** A sync that somebody made in Infisical's wizard. */
export function aWizardSync(rest: Partial<WizardSync> = {}): WizardSync {
  return {
    name: 'to-azure',
    description: '',
    runsByItself: true,
    environment: { slug: 'prod', name: 'Production' },
    secretPath: '/api',
    recursive: false,
    keySchema: '',
    disableSecretDeletion: true,
    teamProject: { id: '1', name: 'Shop' },
    ...rest,
  };
}
