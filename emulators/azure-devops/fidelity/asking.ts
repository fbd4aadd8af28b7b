import { AzureDevOpsEmulator } from '../emulator.js';
import type { Identity } from '../identities.js';
import type { ServiceOptions } from '../service.js';
import { send, type Answered } from '../../replay/send.js';

export const token = 'the-token';
export const groups = 'Shop/_apis/distributedtask/variablegroups';
export const organizationGroups = '_apis/distributedtask/variablegroups';

export interface Question {
  version?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Asked {
  ado: AzureDevOpsEmulator;
  shop: { id: string };
  other: { id: string };
  me: Identity;
  /** A request below the organization's URL, at 7.1 unless told otherwise; an empty version sends none. */
  ask: (request: string, question?: Question) => Promise<Answered>;
  /** The request as it is, with no header but these. */
  askBare: (method: string, target: string, headers?: Record<string, string>) => Promise<Answered>;
}

/** An organization with the projects Shop and Other Shop, and somebody who may do anything. */
export async function asking(
  options: ServiceOptions & { me?: Partial<Identity> },
  run: (asked: Asked) => Promise<void>,
): Promise<void> {
  const ado = await AzureDevOpsEmulator.start(options);
  try {
    const shop = ado.addProject({ name: 'Shop' });
    const other = ado.addProject({ name: 'Other Shop' });
    const me = ado.addIdentity({ name: 'me', bearer: token, ...options.me });
    const { origin } = new URL(ado.collectionUrl);
    await run({
      ado,
      shop,
      other,
      me,
      ask: (request, question) => send(origin, requestOf(ado.organization, request, question)),
      askBare: (method, target, headers = {}) => send(origin, { method, target, headers }),
    });
  } finally {
    await ado.close();
  }
}

function requestOf(
  organization: string,
  request: string,
  { version = '7.1', body, headers }: Question = {},
): Parameters<typeof send>[1] {
  const [method = 'GET', path = ''] = request.split(' ');
  const versioned = version === '' ? path : `${path}${path.includes('?') ? '&' : '?'}api-version=${version}`;
  return {
    method,
    target: `/${organization}/${versioned}`,
    headers: { Authorization: `Bearer ${token}`, 'X-TFS-FedAuthRedirect': 'Suppress', ...headers },
    body,
  };
}

/** The text of a refusal and the one thing in it to rely upon. */
export function refusalOf({ status, body }: Answered): {
  status: number;
  typeKey: unknown;
  message: unknown;
} {
  const { typeKey, message } = body as { typeKey?: unknown; message?: unknown };
  return { status, typeKey, message };
}
