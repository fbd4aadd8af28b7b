import { rmSync } from 'node:fs';
import { aTaskFolder } from '../../emulators/agent/fidelity/bench.js';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { aNetworkWorld, type NetworkWorld, type NetworkWorldOptions } from '../support/network-world.js';

/**
 * What holds the world together without the task: a script of a few lines that signs in everywhere by the means of
 * Node alone, as the documents of the services say.
 */
export const signInScript = `
const connection = env.INPUT_INFISICALCONNECTION;
const parameter = (id, name) => env['ENDPOINT_AUTH_PARAMETER_' + id + '_' + name];
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const tell = async (name, response) => {
  const text = await response.text();
  const body = /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : {};
  say(name + ' ' + response.status + ' ' + (body.message ?? (body.error_codes ?? '')));
  return body;
};
const oidcToken = async (id) => {
  const url = env.SYSTEM_OIDCREQUESTURI + '?api-version=7.1&serviceConnectionId=' + id;
  const headers = { Authorization: 'Bearer ' + parameter('SYSTEMVSSCONNECTION', 'ACCESSTOKEN') };
  return (await tell('oidctoken', await fetch(url, { method: 'POST', headers }))).oidcToken;
};
(async () => {
  const infisical = env['ENDPOINT_URL_' + connection].replace(/\\/$/, '');
  const scheme = env['ENDPOINT_AUTH_SCHEME_' + connection];
  const [path, login] = scheme === 'None'
    ? ['oidc-auth', { identityId: parameter(connection, 'IDENTITYID'), jwt: await oidcToken(connection) }]
    : ['universal-auth', { clientId: parameter(connection, 'USERNAME'), clientSecret: parameter(connection, 'PASSWORD') }];
  if (scheme === 'Token') {
    const headers = { Authorization: 'Bearer ' + parameter(connection, 'APITOKEN') };
    await tell('infisical', await fetch(infisical + '/api/v1/projects', { headers }));
  } else {
    const body = new URLSearchParams(login);
    await tell('infisical', await fetch(infisical + '/api/v1/auth/' + path + '/login', { method: 'POST', headers: form, body }));
  }
  const entra = env.INPUT_AZUREDEVOPSCONNECTION;
  const pat = env.INPUT_AZUREDEVOPSTOKENCONNECTION;
  let target = env['ENDPOINT_URL_SYSTEMVSSCONNECTION'];
  let authorization = 'Bearer ' + parameter('SYSTEMVSSCONNECTION', 'ACCESSTOKEN');
  if (entra) {
    target = env['ENDPOINT_URL_' + entra];
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: parameter(entra, 'SERVICEPRINCIPALID'),
      scope: '499b84ac-1321-427f-aa17-267ca6975798/.default',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await oidcToken(entra),
    });
    const authority = env['ENDPOINT_DATA_' + entra + '_ACTIVEDIRECTORYAUTHORITY'];
    const url = authority + parameter(entra, 'TENANTID') + '/oauth2/v2.0/token';
    const answer = await tell('entra', await fetch(url, { method: 'POST', headers: form, body }));
    authorization = 'Bearer ' + answer.access_token;
  } else if (pat) {
    target = env['ENDPOINT_URL_' + pat];
    authorization = 'Basic ' + Buffer.from(':' + parameter(pat, 'APITOKEN')).toString('base64');
  }
  const headers = { Authorization: authorization, 'X-TFS-FedAuthRedirect': 'Suppress' };
  await tell('azure-devops', await fetch(target + 'Shop/_apis/distributedtask/variablegroups', { headers }));
})();
`;

export const signInDefinition = {
  inputs: [
    { name: 'infisicalConnection', type: 'connectedService:infisicalMachineIdentity' },
    { name: 'azureDevOpsConnectionType', type: 'pickList' },
    { name: 'azureDevOpsConnection', type: 'connectedService:workloadidentityuser' },
    { name: 'azureDevOpsTokenConnection', type: 'connectedService:externaltfs' },
  ],
};

/** Runs the script as a task of that world; it gives what each service said. */
export async function withSignIn(
  options: NetworkWorldOptions,
  run: (world: NetworkWorld, signIn: () => Promise<string[]>) => Promise<void>,
): Promise<void> {
  const world = await aNetworkWorld(options);
  const taskFolder = aTaskFolder({ script: signInScript, definition: signInDefinition });
  try {
    await run(world, async () => said(await world.sync({}, { agent: { taskFolder } })));
  } finally {
    rmSync(taskFolder, { recursive: true, force: true });
    await world.close();
  }
}

/** What the script says: a service, a status, and what it was told. */
function said({ log }: FinishedStep): string[] {
  return log.split('\n').filter((line) => /^(?:oidctoken|infisical|entra|azure-devops) \d+/.test(line));
}
