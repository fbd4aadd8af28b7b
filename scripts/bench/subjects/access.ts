/** What the services' process says of itself; see services.ts. */
const given = (name: string): string => process.env[`BENCH_${name}`] ?? '';

export const access = {
  infisicalUrl: given('INFISICAL_URL'),
  infisicalProject: given('INFISICAL_PROJECT'),
  clientId: given('CLIENT_ID'),
  clientSecret: given('CLIENT_SECRET'),
  collectionUrl: given('COLLECTION_URL'),
  project: given('PROJECT'),
  projectId: given('PROJECT_ID'),
  group: given('GROUP'),
  token: given('TOKEN'),
};

export interface Secret {
  secretKey: string;
  secretValue: string;
}

export interface Secrets {
  secrets: Secret[];
}

export interface Group {
  id: number;
  description: string;
}

/** A group of secret variables. */
export function bodyOf(secrets: readonly Secret[]) {
  return {
    type: 'Vsts',
    name: access.group,
    variables: Object.fromEntries(
      secrets.map(({ secretKey, secretValue }) => [secretKey, { value: secretValue, isSecret: true }]),
    ),
    variableGroupProjectReferences: [
      { name: access.group, projectReference: { id: access.projectId, name: access.project } },
    ],
  };
}
