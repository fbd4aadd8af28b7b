// The whole sync with nothing but Node and the requests of the task: no checks, no masks, no retries, no messages. What
// the network and JSON cost.
import * as http from 'node:http';
import * as https from 'node:https';
import { access, bodyOf, type Group, type Secrets } from './access.js';

const agents = {
  'http:': new http.Agent({ keepAlive: true }),
  'https:': new https.Agent({ keepAlive: true }),
};

function ask<T>(
  method: string,
  url: string,
  { token, body }: { token?: string; body?: string } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const headers = {
      Accept: 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined
        ? {}
        : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
    };
    const isSecure = url.startsWith('https:');
    const agent = agents[isSecure ? 'https:' : 'http:'];
    const call = (isSecure ? https : http).request(url, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text) as T);
        else reject(new Error(`${method} ${url}: ${String(response.statusCode)}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

const groups = `${access.collectionUrl}${access.project}/_apis/distributedtask/variablegroups`;
const version = 'api-version=7.1-preview.2';

async function readSecrets(): Promise<{ token: string; list: Secrets }> {
  const { accessToken: token } = await ask<{ accessToken: string }>(
    'POST',
    `${access.infisicalUrl}/api/v1/auth/universal-auth/login`,
    { body: JSON.stringify({ clientId: access.clientId, clientSecret: access.clientSecret }) },
  );
  const query = `projectId=${access.infisicalProject}&environment=prod&secretPath=%2F&includeImports=true`;
  const url = `${access.infisicalUrl}/api/v4/secrets?${query}`;
  // The second list is there for a check that this script does not make: it sends the same requests as the task.
  const [list] = await Promise.all([
    ask<Secrets>('GET', url, { token }),
    ask('GET', `${url}&viewSecretValue=false`, { token }),
  ]);
  return { token, list };
}

async function readGroup(): Promise<Group> {
  const { value } = await ask<{ value: Group[] }>('GET', `${groups}?groupName=${access.group}&${version}`, {
    token: access.token,
  });
  return ask('GET', `${groups}/${String(value[0]?.id)}?${version}`, { token: access.token });
}

async function main(): Promise<void> {
  const [{ token, list }, group] = await Promise.all([readSecrets(), readGroup()]);
  const url = `${groups}/${String(group.id)}?${version}`;
  const body = JSON.stringify({ ...bodyOf(list.secrets), description: group.description });
  await Promise.all([
    ask('PUT', url, { token: access.token, body }).then(() => ask('GET', url, { token: access.token })),
    ask('POST', `${access.infisicalUrl}/api/v1/auth/token/revoke`, {
      token,
      body: JSON.stringify({ accessToken: token }),
    }),
  ]);
  for (const agent of Object.values(agents)) agent.destroy();
  console.log(`Synced ${String(list.secrets.length)} secrets.`);
}

void main();
