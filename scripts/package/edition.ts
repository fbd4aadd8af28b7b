import { v5 as uuidOf } from 'uuid';

/** Which package of the same sources is made. */
export interface Edition {
  /** Replaces the placeholder in vss-extension.json. */
  publisher?: string;
  /** The Marketplace shows it to everybody, and not only to the organizations that it is shared with. */
  isPublic?: boolean;
  /** To try changes: private, with IDs and names of its own, so that it can be published and installed beside the real one. */
  isDev?: boolean;
  /** Replaces the last number of both versions: the Marketplace and the agents take each version once. */
  patch?: number;
  /** Where a browser shows the documents of this repository: the links of the Marketplace page lead there. */
  documents?: string;
}

/** The fields of vss-extension.json and task.json that differ from edition to edition; all others are carried through. */
export interface Manifests {
  extension: {
    id: string;
    name: string;
    publisher: string;
    version: string;
    galleryFlags?: string[];
    files: { path: string }[];
    contributions: { id: string; type: string; properties: { name: string; displayName?: string } }[];
  };
  task: {
    id: string;
    name: string;
    friendlyName: string;
    version: { Major: number; Minor: number; Patch: number };
    inputs: { type: string }[];
  };
}

const endpointType = 'ms.vss-endpoint.service-endpoint-type';

/** @throws Error when the edition is none that could be published */
export function manifestsOf(sources: Manifests, edition: Edition): Manifests {
  const placeholder = sources.extension.publisher;
  const { publisher = placeholder, isPublic = false, isDev = false, patch, documents } = edition;
  if (isPublic && isDev) throw new Error('A dev build can’t be public. Leave out --dev or --public.');
  if (isPublic && publisher === placeholder)
    throw new Error('A public package needs a publisher. Add --publisher ID.');
  if (isPublic && documents === undefined)
    throw new Error('A public package needs the address of its documents: --documents https://….');
  if (documents !== undefined && !/^https:\/\/[^\s()?#]+$/.test(documents))
    throw new Error('--documents is an https:// address without a query, to which /docs/… can be added.');
  const { extension, task } = withPatch(isDev ? devManifests(sources) : sources, patch);
  return {
    extension: { ...extension, publisher, ...(isPublic ? { galleryFlags: ['Public'] } : {}) },
    task,
  };
}

/** The Marketplace compares the IDs of tasks and the names of endpoint types over all extensions, so each is another. */
function devManifests({ extension, task }: Manifests): Manifests {
  const endpointNames = extension.contributions
    .filter(({ type }) => type === endpointType)
    .map(({ properties }) => properties.name);
  const ownType = (type: string): string => {
    const isOurs = endpointNames.some((name) => type === `connectedService:${name}`);
    return isOurs ? `${type}Dev` : type;
  };
  return {
    extension: {
      ...extension,
      id: `${extension.id}-dev`,
      name: `${extension.name} (dev)`,
      galleryFlags: ['Preview'],
      contributions: extension.contributions.map(devContribution),
    },
    task: {
      ...task,
      id: uuidOf('dev', task.id),
      name: `${task.name}Dev`,
      friendlyName: `${task.friendlyName} (dev)`,
      inputs: task.inputs.map((input) => ({ ...input, type: ownType(input.type) })),
    },
  };
}

type Contribution = Manifests['extension']['contributions'][number];

function devContribution(contribution: Contribution): Contribution {
  const { id, type, properties } = contribution;
  if (type !== endpointType) return { ...contribution, id: `${id}-dev` };
  const displayName = `${properties.displayName ?? properties.name} (dev)`;
  return {
    ...contribution,
    id: `${id}-dev`,
    properties: { ...properties, name: `${properties.name}Dev`, displayName },
  };
}

function withPatch({ extension, task }: Manifests, patch: number | undefined): Manifests {
  if (patch === undefined) return { extension, task };
  if (!Number.isInteger(patch) || patch < 0)
    throw new Error('--patch must be a whole number, for example 7.');
  return {
    extension: { ...extension, version: extension.version.replace(/\d+$/, String(patch)) },
    task: { ...task, version: { ...task.version, Patch: patch } },
  };
}
