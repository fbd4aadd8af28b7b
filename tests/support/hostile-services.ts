import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a route answers: JSON unless a header says something else. */
export interface HostileAnswer {
  path: RegExp;
  body: string | Buffer;
  status?: number;
  headers?: Record<string, string>;
}

/** Not a canary: what stands in a name or a hostile answer may show. */
export const servedToken = 'a-token-of-a-hostile-server-1234';

const row = { secretKey: 'A', secretValue: 'a value', secretPath: '/' };
const group = { id: 7, name: 'shop-prod', type: 'Vsts', description: '', modifiedOn: '2026-11-25T12:00:00Z' };
const wellBehaved: HostileAnswer[] = [
  { path: /auth\/[a-z-]+\/login/, body: JSON.stringify({ accessToken: servedToken }) },
  { path: /projects\/slug\//, body: JSON.stringify({ id: 'project-1' }) },
  { path: /\/secrets/, body: JSON.stringify({ secrets: [row], imports: [] }) },
  { path: /variablegroups\/\d+/, body: JSON.stringify({ ...group, variables: { A: { value: 'x' } } }) },
  { path: /variablegroups/, body: JSON.stringify({ value: [{ id: group.id, name: group.name }] }) },
  { path: /definitions/, body: JSON.stringify({ id: 3, name: 'nightly', revision: 1, variables: {} }) },
];

/** Infisical and Azure DevOps at one address, as both answer, but for what is given. Knows no rules. */
export class HostileServices {
  answers: HostileAnswer[] = [];
  readonly asked: { path: string; headers: http.IncomingHttpHeaders }[] = [];
  readonly #server: http.Server;

  private constructor() {
    this.#server = http.createServer((request, response) => {
      request.resume().on('end', () => {
        this.#answer(request, response);
      });
    });
  }

  static async start(): Promise<HostileServices> {
    const services = new HostileServices();
    await new Promise<void>((resolve) => services.#server.listen(0, '127.0.0.1', resolve));
    return services;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer({ url = '/', headers: sent }: http.IncomingMessage, response: http.ServerResponse): void {
    const { pathname } = new URL(url, 'http://loopback');
    this.asked.push({ path: pathname, headers: sent });
    const found = [...this.answers, ...wellBehaved].find(({ path }) => path.test(pathname));
    const { status = 200, headers = {}, body = '{}' } = found ?? { status: 404 };
    response.on('error', () => undefined);
    response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers }).end(body);
  }
}
