import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readUpload, uploadBuildLog, uploadBuildSummary } from './attachments.js';
import { missing, type AgentCommand } from './command-parser.js';
import type { CommandTable } from './commands.js';
import type { StepContext } from './step-context.js';

/** BuildCommandExtension.cs. Without a build, as in a release, numbers and tags have nowhere to go. */
export const buildCommands: CommandTable = {
  uploadlog: { run: uploadBuildLog },
  uploadsummary: { run: uploadBuildSummary },
  updatebuildnumber: {
    run: (context, { data }) => {
      requireBuild(context);
      if (data === '') throw new Error('Build number is required.');
      context.job.variables.set({
        name: 'build.buildNumber',
        value: data,
        isSecret: false,
        isReadOnly: false,
      });
      context.record.metadata.push(data);
    },
  },
  addbuildtag: {
    run: (context, { data }) => {
      requireBuild(context);
      if (data.trim() === '') throw new Error('Build tag is required.');
      context.record.metadata.push(data.trim());
    },
  },
};

export const releaseCommands: CommandTable = {
  updatereleasename: {
    run: ({ record }, { data }) => {
      if (data === '') throw missing('Release name is required');
      record.metadata.push(data);
    },
  },
};

/** ArtifactCommandExtension.cs. */
export const artifactCommands: CommandTable = {
  associate: { run: associate },
  upload: { run: upload },
};

export const telemetryCommands: CommandTable = {
  // The server marks tasks of extensions as not its own, and then the agent sends nothing.
  publish: {
    run: ({ record }, { data }) => {
      record.telemetry.push(data);
    },
    isAllowedWhenRestricted: true,
  },
};

function associate(context: StepContext, command: AgentCommand): void {
  requireBuild(context);
  const name = artifactName(command);
  const type = command.properties['artifacttype'] ?? inferredType(command.data);
  if (type === '') throw new Error('Artifact type is required.');
  const needsPlace = ['container', 'filepath', 'versioncontrol'].includes(type.toLowerCase());
  if (needsPlace && command.data === '') throw new Error('Artifact location is required.');
  if (type.toLowerCase() !== 'filepath' && context.job.hostType !== 'build')
    throw new Error('Associating server artifact is not supported in Release.');
  context.record.artifacts.push({ name, data: command.data, files: [] });
}

function upload(context: StepContext, command: AgentCommand): void {
  requireBuild(context);
  const name = artifactName(command);
  const path = command.data;
  if (path === '') throw new Error('Artifact location is required.');
  if (context.job.hostType !== 'build')
    throw new Error('Uploading server artifact is not supported in Release.');
  if (!existsSync(path)) throw new Error(`Path does not exist: ${path}`);
  const files = statSync(path).isDirectory() ? filesUnder(path) : [path];
  if (files.length === 0) {
    context.record.warning(
      `Directory '${path}' is empty. Nothing will be added to build artifact '${name}'.`,
    );
    return;
  }
  context.record.artifacts.push({ name, data: path, files: files.map(readUpload) });
}

function requireBuild({ job }: StepContext): void {
  if (job.variables.get('build.buildId') === undefined) throw missing('buildId');
}

function artifactName({ properties }: AgentCommand): string {
  const name = properties['artifactname'] ?? '';
  if (name === '') throw new Error('Artifact Name is required.');
  return name;
}

function inferredType(place: string): string {
  if (place.startsWith('\\\\')) return 'filepath';
  if (/^\$[/\\]/.test(place)) return 'versioncontrol';
  if (place.startsWith('#')) return 'container';
  throw new Error(`Can't infer artifact type from artifact location: ${place}.`);
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
