import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { missing, type AgentCommand } from './command-parser.js';
import type { StepContext } from './step-context.js';
import type { UploadedFile } from './step-record.js';

const summaryType = 'DistributedTask.Core.Summary';

export function uploadSummary(context: StepContext, { data }: AgentCommand): void {
  if (data === '') throw new Error('Cannot upload summary file, summary file location is not specified.');
  attach(context, { type: summaryType, name: basename(data) }, data);
}

export function uploadFile(context: StepContext, { data }: AgentCommand): void {
  if (data === '') throw new Error('Cannot upload file because file location is not specified.');
  attach(context, { type: 'DistributedTask.Core.FileAttachment', name: basename(data) }, data);
}

export function addAttachment(context: StepContext, { properties, data }: AgentCommand): void {
  attach(context, { type: properties['type'] ?? '', name: properties['name'] ?? '' }, data);
}

/** Uploads are queued, but the file has to be there when the command comes. What is in it is not masked. */
function attach(context: StepContext, { type, name }: { type: string; name: string }, path: string): void {
  if (type === '') throw missing("Can't add task attachment, attachment type is not provided.");
  if (name === '') throw missing("Can't add task attachment, attachment name is not provided.");
  const invalid = context.job.platform === 'windows' ? /["<>|:*?\\/\p{Cc}]/u : /[/\0]/;
  if (invalid.test(type)) throw new Error('Type contains invalid characters.');
  if (invalid.test(name)) throw new Error('Name contains invalid characters.');
  if (!isFile(path))
    throw missing(
      'Cannot upload task attachment file, attachment file location is not specified or attachment file does not exist on disk.',
    );
  keep(context, { type, name }, path);
}

export function uploadBuildSummary(context: StepContext, { data }: AgentCommand): void {
  if (!isFile(data))
    throw new Error(`Markdown summary file path is not provided or file doesn't exist: '${data}'`);
  keep(context, { type: summaryType, name: `CustomMarkDownSummary-${basename(data)}` }, data);
}

export function uploadBuildLog(context: StepContext, { data }: AgentCommand): void {
  if (!isFile(data)) throw new Error(`Log file path is not provided or file doesn't exist: '${data}'`);
  keep(context, { type: 'DistributedTask.Core.Log', name: 'CustomToolLog' }, data);
}

function keep({ record }: StepContext, { type, name }: { type: string; name: string }, path: string): void {
  const file = { type, name, path, content: readFileSync(path, 'utf8') };
  (type === summaryType ? record.summaries : record.attachments).push(file);
}

export function readUpload(path: string): UploadedFile {
  return { type: 'artifact', name: basename(path), path, content: readFileSync(path, 'utf8') };
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
