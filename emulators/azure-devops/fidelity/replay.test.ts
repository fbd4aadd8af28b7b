import assert from 'node:assert/strict';
import { AzureDevOpsEmulator } from '../emulator.js';
import type { Identity } from '../identities.js';
import { frontDoorDown } from '../outages.js';
import type { ServiceOptions } from '../service.js';
import { differences, type Comparison } from '../../replay/compare.js';
import { readExchanges, recordingNames, recordingsFolder, type Exchange } from '../../replay/recordings.js';
import { send, type Answered } from '../../replay/send.js';
import { Tally } from '../../replay/tally.js';

/**
 * Compared everywhere. Not compared: names of machines and deployments (x-tfs-processid, x-vss-senderdeploymentid),
 * what the front door adds (x-cache, server), numbers made for one request (activityid, x-vss-e2eid), date, and
 * content-length, which the recordings' own index calls untrue.
 */
const headers = [
  ...['content-type', 'cache-control', 'pragma', 'expires', 'vary', 'www-authenticate', 'retry-after'],
  ...['x-ms-continuationtoken', 'x-tfs-session', 'x-tfs-serviceerror', 'x-content-type-options'],
  ...['x-frame-options', 'x-tfs-fedauthissuer', 'x-tfs-fedauthrealm', 'x-vss-authenticateerror'],
  ...['x-vss-authorizationendpoint', 'x-vss-resourcetenant'],
];

const leftOut = {
  'sec-01-library-security-namespace': 'no client of ours asks for security namespaces',
  'pv-01-definition-create #2': 'agent queues: no client of ours asks; only a definition shows one',
  'err-02-not-found-and-bad-request #3': 'a work item; what it shows, the envelope, other exchanges show too',
  'err-02-not-found-and-bad-request #4': 'a wiki page; what it shows, the envelope, other exchanges show too',
  'err-02-not-found-and-bad-request #6': 'a work item; what it shows, the envelope, other exchanges show too',
};

const pat = 'recorded-pat';
const tenant = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const cloud: ServiceOptions = {
  instanceId: '2ad38d1e-3eaf-4769-931c-3a2da67bbb01',
  deploymentId: 'ed30ce5c-9d0a-f73c-3580-4315c7f84d83',
  tenant,
  origins: {
    main: 'https://dev.azure.com',
    vsrm: 'https://vsrm.dev.azure.com',
    vssps: 'https://vssps.dev.azure.com',
    login: 'https://login.microsoftonline.com',
    identities: 'https://spsprodcin2.vssps.visualstudio.com/Aa9bae0de-049f-43b5-a1ff-18f8f805fbe8',
  },
};
const user: { name: string } & Partial<Identity> = {
  name: 'Test User',
  id: '22157d54-1821-6536-a446-928b06348385',
  uniqueName: 'test.user@example.com',
  descriptor: 'aad.MjIxNTdkNTQtMTgyMS03NTM2LWE0NDYtOTI4YjA2MzQ4Mzg1',
  pat,
};

/** One state of the service for a row of recordings, which go on where the one before ended. */
interface Scene {
  options?: ServiceOptions;
  identity?: Partial<Identity>;
  prepare?: (emulator: AzureDevOpsEmulator) => void;
  recordings: string[];
  only?: number[];
  /** Sent in place of the recorded request, where the emulator has only a route like it. */
  instead?: { method: string; target: string; requestBody?: unknown };
  comparison?: Partial<Comparison>;
  /** Why the answer is compared only in part. */
  inPart?: string;
}

const variableGroups = ['01-create-and-authorize', '02-list-get-authorized', '03-delete-and-list'];
const laterGroups = ['04-rename-without-references', '05-add-plain-variable', '06-add-secret-variable'];
const [auth, notFound, unavailable] = [
  'err-01-auth',
  'err-02-not-found-and-bad-request',
  'err-03-service-unavailable',
];
const cliOrganization = 'AzureDevOpsCliTest';
const unknownProject = 'WorkItemCreateShowUpdateDeleteTests';

const scenes: Scene[] = [
  {
    options: { firstId: 47 },
    prepare: (emulator) =>
      emulator.addProject({ name: 'varGroupTests000001', id: '2c2bf6e8-cba2-4dcb-80d6-86eaf14998f6' }),
    recordings: [...variableGroups, ...laterGroups].map((name) => `vg-${name}`),
  },
  {
    options: { firstId: 47 },
    prepare: (emulator) => {
      emulator.addProject({
        name: 'pipelinesTest000001',
        id: '355e4a16-52a9-4cf5-aff6-b142f4329487',
        revision: 4704,
        lastUpdateTime: '2025-01-10T12:22:30.663Z',
      });
      const name = 'Hosted Ubuntu 1604';
      emulator.definitions.addQueue({ id: 3941, name, pool: { id: 8, name, isHosted: true } });
    },
    recordings: ['pv-01-definition-create', 'pv-02-add-secret', 'pv-03-add-plain-keep-secret'],
  },
  { recordings: ['loc-03-connection-data'] },
  {
    recordings: ['loc-02-resource-areas'],
    comparison: { except: ['count'] },
    inPart: 'the recording keeps 11 of 230 areas and the count of all',
  },
  {
    // A PAT that is known and does not reach this far.
    options: { realm: 'https://tfsprodsin1.app.visualstudio.com/' },
    identity: { scopes: [] },
    recordings: [auth],
    only: [1],
  },
  {
    options: { realm: 'https://spsprodcin2.vssps.visualstudio.com/' },
    identity: { scopes: [] },
    recordings: [auth],
    only: [2],
  },
  ...['c7ac8f34-d29e-4f96-b9c9-c50d7c861f3b', 'Windows Live ID'].map((domain, index) => ({
    options: { organization: cliOrganization, realm: 'https://tfsprodcus3.visualstudio.com/' },
    identity: { isMember: false, account: `${domain}\\test.user@example.com` },
    recordings: [auth],
    only: [index + 3],
  })),
  {
    inPart: 'work items are no route of ours; an unknown project is the same on every route',
    instead: { method: 'GET', target: `/example-org/${unknownProject}/_apis/distributedtask/variablegroups` },
    recordings: [notFound],
    only: [1],
  },
  { recordings: [notFound], only: [2] },
  {
    inPart: 'another argument that is wrong, in the same envelope; not its message',
    prepare: (emulator) => emulator.addProject({ name: 'Shop' }),
    instead: {
      method: 'POST',
      target: '/example-org/Shop/_apis/distributedtask/variablegroups?api-version=5.1-preview.1',
      requestBody: { name: 'group1', variables: {} },
    },
    comparison: { except: ['message'] },
    recordings: [notFound],
    only: [5],
  },
  {
    options: { organization: cliOrganization },
    prepare: (emulator) => {
      emulator.stop(
        'This Azure DevOps organization has been deactivated due to inactivity. For more information please visit aka.ms/adofootprintreduction',
      );
    },
    recordings: [unavailable],
    only: [1],
  },
  {
    prepare: (emulator) => {
      emulator.faults.add({ match: {}, fault: frontDoorDown });
    },
    inPart: 'the page is cut in the recording',
    comparison: { except: [''] },
    recordings: [unavailable],
    only: [2],
  },
];

describe('recorded exchanges with dev.azure.com', () => {
  const folder = recordingsFolder('azure-devops');
  if (folder === undefined) return;
  const tally = new Tally('Azure DevOps', leftOut);

  for (const scene of scenes) {
    const { recordings, only = [] } = scene;
    const title = [recordings[0] ?? '', ...only.map((index) => `#${String(index)}`)].join(' ');
    it(`are answered equally from ${title} on`, () => replayScene(folder, scene, tally));
  }

  it('OPTIONS lists each location as recorded, of those that are emulated', async () => {
    const [recorded] = readExchanges(folder, 'loc-01-options-apis');
    const { emulator } = await start({ recordings: [] });
    try {
      if (recorded === undefined) throw new Error('loc-01 is empty');
      const answered = await ask(emulator, recorded);
      const body = answered.body as LocationList;
      const of = ({ value }: LocationList) => new Map(value.map((location) => [location.id, location]));
      const known = of(recorded.responseBody as LocationList);
      const served = [...of(body).values()].filter(({ id }) => !unrecorded.has(id));

      const wanted = { value: served.map(({ id }) => known.get(id)), count: body.count };
      const got = { ...answered, body: { value: served, count: body.count } };
      tally.note(
        recorded.name,
        compare({ ...recorded, responseBody: wanted }, got),
        `${String(served.length)} locations that are emulated, of 175 that the recording keeps; not the count`,
      );
    } finally {
      await emulator.close();
    }
  });

  it('leave out nothing without a reason', () => {
    const replayed = scenes.flatMap((scene) => exchangesOf(folder, scene).map(({ name }) => name));
    const reasons = Object.keys(leftOut);
    const missing = allNames(folder).filter(
      (name) => ![...replayed, ...reasons, 'loc-01-options-apis #1'].some((known) => isOf(name, known)),
    );

    assert.deepEqual(missing, []);
  });

  after(() => {
    for (const name of allNames(folder)) tally.leavesOut(name);
    tally.close();
  });
});

function allNames(folder: string): string[] {
  return recordingNames(folder).flatMap((file) => readExchanges(folder, file).map(({ name }) => name));
}

function isOf(name: string, known: string): boolean {
  return name === known || name.replace(/ #\d+$/, '') === known;
}

interface LocationList {
  value: { id: string }[];
  count: number;
}
/** Pipeline permissions: the recording was filtered to other areas. */
const unrecorded = new Set(['b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2']);

async function replayScene(folder: string, scene: Scene, tally: Tally): Promise<void> {
  const { emulator, clock } = await start(scene);
  try {
    for (const exchange of exchangesOf(folder, scene)) {
      if (exchange.name in leftOut) continue;
      clock.now = writeTimeOf(exchange) ?? clock.now;
      const answered = await ask(emulator, { ...exchange, ...scene.instead });
      tally.note(exchange.name, compare(exchange, answered, scene.comparison), scene.inPart);
    }
  } finally {
    await emulator.close();
  }
}

function compare(recorded: Exchange, answered: Answered, comparison: Partial<Comparison> = {}): string[] {
  const responseHeaders = Object.fromEntries(
    // Node's client joins what comes in several lines of one name.
    Object.entries(recorded.responseHeaders).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
  // Whoever sends no session is given one.
  const isGivenSession =
    !('X-TFS-Session' in recorded.requestHeaders) && 'x-tfs-session' in recorded.responseHeaders;
  const hasMark = answered.text.startsWith('\uFEFF');
  const isMarked = recorded.raw['responseBodyHasUtf8Bom'] === true;
  return [
    ...(hasMark === isMarked ? [] : [`byte order mark: recorded ${String(isMarked)}`]),
    ...differences({ ...recorded, responseHeaders }, answered, {
      headers: headers.filter((name) => name !== 'x-tfs-session' || !isGivenSession),
      keyOrder: true,
      ...comparison,
    }),
  ];
}

function exchangesOf(folder: string, { recordings, only }: Scene): Exchange[] {
  return recordings.flatMap((recording) =>
    readExchanges(folder, recording).filter((_, index) => only?.includes(index + 1) ?? true),
  );
}

async function start(scene: Scene): Promise<{ emulator: AzureDevOpsEmulator; clock: { now: number } }> {
  const clock = { now: 0 };
  const emulator = await AzureDevOpsEmulator.start({ ...cloud, ...scene.options, now: () => clock.now });
  emulator.addIdentity({ ...user, ...scene.identity });
  scene.prepare?.(emulator);
  return { emulator, clock };
}

/** When the service wrote, by its own answer, rounded up to a millisecond. */
function writeTimeOf({ method, responseBody }: Exchange): number | undefined {
  if (method === 'GET' || typeof responseBody !== 'object' || responseBody === null) return undefined;
  const { modifiedOn, createdDate } = responseBody as { modifiedOn?: string; createdDate?: string };
  const time = modifiedOn ?? createdDate;
  return time === undefined ? undefined : Math.ceil(Date.parse(`${time.slice(0, 19)}Z`) + fractionMs(time));
}

function fractionMs(time: string): number {
  return Number(`0${/\.\d+/.exec(time)?.[0] ?? ''}`) * 1000;
}

/** The recordings have no Authorization header; whoever it was, this one takes its place. */
function ask(emulator: AzureDevOpsEmulator, exchange: Exchange): Promise<Answered> {
  return send(new URL(emulator.collectionUrl).origin, {
    method: exchange.method,
    target: exchange.target,
    headers: {
      ...exchange.requestHeaders,
      Authorization: `Basic ${Buffer.from(`:${pat}`).toString('base64')}`,
    },
    body: exchange.requestBody,
  });
}
