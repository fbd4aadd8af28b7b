import * as z from 'zod/mini';
import { digestPattern } from '../domain/approval.js';
import { keySchemaProblem, parseKeySchema, type KeySchemaPattern } from '../domain/key-schema.js';
import { joined, quoted, shown } from '../domain/text.js';

/** What is wrong with one input; the message continues a line that begins with the input's name. */
class Problem {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** The agent leaves `$(name)` as it is when there is no variable of that name. */
const unsetVariable = /\$\(([^()]+)\)/;

/** Azure Pipelines evaluates `$[…]` where a variable or a condition is defined, and leaves it as it is in an input. */
const runtimeExpression = /\$\[[^\]]*\]/;

/** What is wrong with a text in which something was left that should have been replaced. */
function unreplaced(text: string): Problem | undefined {
  const unset = unsetVariable.exec(text)?.[1];
  if (unset !== undefined)
    return new Problem(
      `contains $(${shown(unset)}), which was not replaced: there is no variable ${quoted(unset)} in this run`,
    );
  return runtimeExpression.test(text)
    ? new Problem('contains $[…], which Azure Pipelines does not evaluate in inputs. Use $(name) or ${{ … }}')
    : undefined;
}

function field<T>(parse: (text: string) => T | Problem): z.ZodMiniType<T, string> {
  return z.pipe(
    z.string(),
    z.transform((text, context) => {
      const parsed = unreplaced(text) ?? parse(text);
      if (!(parsed instanceof Problem)) return parsed;
      context.issues.push({ code: 'custom', message: parsed.message, input: text });
      return z.NEVER;
    }),
  );
}

export const text = field((value) => value);

export function requiredText(help: string): z.ZodMiniType<string, string> {
  return field((value) => (value === '' ? new Problem(`is empty. ${help}`) : value));
}

export function flag(byDefault: boolean): z.ZodMiniType<boolean, string> {
  return field((value) => {
    if (value === '') return byDefault;
    if (/^true$/i.test(value)) return true;
    return /^false$/i.test(value) ? false : new Problem(`is ${quoted(value)}. Enter true or false`);
  });
}

export function choice<const T extends string>(
  options: readonly [T, ...T[]],
  byDefault: T,
): z.ZodMiniType<T, string> {
  return field((value) => {
    if (value === '') return byDefault;
    const known = options.find((option) => option === value);
    return known ?? new Problem(`is ${quoted(value)}. Choose ${joined(options.map(quoted), 'or')}`);
  });
}

export const destination = choice(
  ['variableGroup', 'pipelineVariables', 'pipelineDefinition'],
  'variableGroup',
);

export const azureDevOpsConnectionType = choice(
  ['currentPipeline', 'entra', 'personalAccessToken'],
  'currentPipeline',
);

export const action = choice(['sync', 'plan', 'check', 'remove'], 'sync');

/** A project of Infisical: the service takes IDs on some routes and slugs on others. */
export interface ProjectName {
  kind: 'id' | 'slug';
  text: string;
}

const projectId = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24})$/i;
const slug = /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/;
/** Infisical makes a slug of the name and a suffix (project-service.ts) and documents no limit for it. */
const longestSlug = 255;

export const project = field((value): ProjectName | Problem => {
  if (value === '')
    return new Problem(
      'is empty. Enter the ID or the slug of the project, from the project settings in Infisical',
    );
  if (projectId.test(value)) return { kind: 'id', text: value };
  if (value.length <= longestSlug && slug.test(value)) return { kind: 'slug', text: value };
  return new Problem(
    `is ${quoted(value)}, which is neither a project ID nor a slug (lower-case letters, digits, "-" and "_"). The project settings in Infisical show both`,
  );
});

/** No project can have these names: "." and ".." in an address lead to another one. Azure DevOps refuses them, too. */
export const azureDevOpsProject = field((value) =>
  /^\.|\.$|[/\\\p{Cc}\p{Cs}]/u.test(value)
    ? new Problem(
        `is ${quoted(value)}, which is not a valid project name. Enter the name or ID that Project settings › Overview shows`,
      )
    : value,
);

export const environment = field((value) => {
  if (value === '') return new Problem('is empty. Enter the slug of the environment, for example "prod"');
  if (/[\s/]/.test(value) || value.length > 64) {
    return new Problem(
      `is ${quoted(value)}. Enter the slug of the environment, for example "prod", not its display name`,
    );
  }
  return value;
});

export const secretPath = field((value) => {
  if (value === '' || value === '/') return '/';
  if (!value.startsWith('/'))
    return new Problem(`is ${quoted(value)}. Start the path with "/", for example "/api"`);
  if (value.includes('//')) return new Problem(`is ${quoted(value)}. Remove the second slash from "//"`);
  return value.replace(/\/$/, '');
});

export const slugList = field((value): string[] | Problem => {
  const slugs = value.split(',').map((part) => part.trim());
  const named = slugs.filter((part) => part !== '');
  // None at all would mean every secret.
  return named.length > 0 || value === ''
    ? named
    : new Problem(
        `is ${quoted(value)}, which names no tag. Enter slugs of tags, or leave it empty for all secrets`,
      );
});

export const keySchema = field((value): KeySchemaPattern | Problem => {
  const problem = keySchemaProblem(value);
  return problem === undefined
    ? parseKeySchema(value)
    : new Problem(`is ${quoted(value)}. It ${problem}, for example "APP_{{secretKey}}"`);
});

/** Infisical's own rule for the name of a sync. */
export const syncName = field((value) => {
  const name = value.toLowerCase();
  if (name === '' || (name.length <= 256 && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))) return name;
  return new Problem(`is ${quoted(value)}. Use letters, digits and single hyphens, at most 256 characters`);
});

export const syncDescription = field((value) => {
  if (value.length > 256) return new Problem(`has ${String(value.length)} characters. Shorten it to 256`);
  if (/\[infisical-sync/i.test(value))
    return new Problem(
      'contains "[infisical-sync". The task uses this text to mark syncs in a description, so choose other words',
    );
  return value;
});

export const initialSyncBehavior = field((value): 'overwriteDestination' | '' | Problem => {
  if (value === '' || value === 'overwriteDestination') return value;
  if (value.startsWith('import')) {
    return new Problem(
      `is ${quoted(value)}, but importing is not possible: Azure DevOps never returns secret values. Choose "overwriteDestination" or leave it empty`,
    );
  }
  return new Problem(`is ${quoted(value)}. Choose "overwriteDestination" or leave it empty`);
});

export const approvedPlan = field((value) => {
  if (value === '' || digestPattern.test(value)) return value;
  return new Problem(
    `is ${quoted(value)}, which is not the planDigest of a plan. Pass the output variable planDigest of the planning step without changing it`,
  );
});

/** IDs of pipelines are 32-bit numbers. */
export const pipelineId = field((value): number | undefined | Problem => {
  if (value === '') return undefined;
  const id = Number(value);
  if (/^\d+$/.test(value) && id > 0 && id < 2 ** 31) return id;
  return new Problem(
    `is ${quoted(value)}. Enter the number after "definitionId=" in the pipeline’s address, or leave it empty for the pipeline that is running`,
  );
});

export const maxDeletions = field((value): number | undefined | Problem => {
  if (value === '') return undefined;
  const number = Number(value);
  if (/^-?\d+$/.test(value) && Number.isSafeInteger(number) && number >= -1) return number;
  return new Problem(`is ${quoted(value)}. Enter a whole number, or -1 for no limit, or leave it empty`);
});
