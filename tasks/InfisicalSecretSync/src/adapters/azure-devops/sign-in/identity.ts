import type { SecretValue } from '../../../domain/secret-value.js';
import { quoted } from '../../../domain/text.js';
import { bearer } from '../../http/bearer.js';
import { collectionName } from '../collection.js';

/** Who signs in to Azure DevOps, and where. */
export interface AzureDevOpsIdentity {
  /** Of the organization or collection, as the agent or the service connection gives it. */
  collectionUrl: string;
  /** How messages call it. */
  title: string;
  /** Who else it may be; only the job's own token leaves that open. */
  otherTitle?: string;
  /** Why Azure DevOps refused and what to do; continues a sentence about it after a colon. */
  whenRefused: string;
  /** What a person looks at when nothing is at the collection's address; only a service connection can have a wrong one. */
  whenNotFound?: string;
  /** What to do for it to see a project. */
  toSeeProject: string;
  /** The value of the Authorization header; what it takes to get it is done once. @throws SyncError */
  authorization(): Promise<SecretValue>;
}

/** The job itself. Whom its token stands for depends on a setting that the task is not told. */
export function jobIdentity(job: {
  collectionUrl: string;
  projectName: string;
  token: SecretValue;
}): AzureDevOpsIdentity {
  const organization = collectionName(job.collectionUrl);
  return {
    collectionUrl: job.collectionUrl,
    title: quoted(`${job.projectName} Build Service (${organization})`),
    otherTitle: `If the job’s scope is not limited to its project, do this for ${quoted(`Project Collection Build Service (${organization})`)} instead.`,
    whenRefused:
      'it did not accept the job’s token. In a classic release, allow scripts to access the OAuth token in the agent job. Otherwise check that the collection URL is the organization’s and that no proxy answers in its place.',
    toSeeProject:
      'If it is not the pipeline’s own project, turn off "Limit job authorization scope to current project" and make that identity a member of the project.',
    authorization: () => Promise.resolve(bearer(job.token)),
  };
}
