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
  /** What a person looks at when Azure DevOps does not take it. */
  whenRefused: string;
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
    otherTitle: `Where the job’s scope is not limited to its project, it is ${quoted(`Project Collection Build Service (${organization})`)} that needs it.`,
    whenRefused:
      'Azure DevOps did not accept the job’s token. In a classic release, allow scripts to access the OAuth token in the agent job; otherwise check that the collection URL is the organization’s and that no proxy answers in its place.',
    toSeeProject:
      'For another project than the pipeline’s own, "Limit job authorization scope to current project" must be off, and that identity must be a member there.',
    authorization: () => Promise.resolve(bearer(job.token)),
  };
}
