import * as z from 'zod/mini';
import { flag, listOf, nullable, optional, recordOf, text } from '../http/row-schemas.js';

/** As it came, whatever else is in it: what is left out of a write is lost. */
export interface Variable {
  [unknown: string]: unknown;
  value?: string | null | undefined;
  isSecret?: boolean | null | undefined;
}

/** This one name is lost when objects are copied, and what is left out of a write is lost. */
const isWhole = (variables: Readonly<Record<string, Variable>>): boolean =>
  !Object.hasOwn(variables, '__proto__');
const Variables = recordOf<Variable>({
  value: optional(nullable(text)),
  isSecret: optional(nullable(flag)),
}).check(z.refine(isWhole));

const ProjectReference = z.looseObject({
  name: z.optional(z.nullable(z.string())),
  description: z.optional(z.nullable(z.string())),
});

/** A group as one GET or write answers it. Loose: what we don't know goes back as it came. */
export const VariableGroup = z.object({
  id: z.number(),
  name: z.string(),
  type: z.string(),
  description: z.optional(z.nullable(z.string())),
  modifiedOn: z.string(),
  providerData: z.optional(z.unknown()),
  variables: Variables,
  variableGroupProjectReferences: z.optional(z.nullable(listOf(ProjectReference))),
});
export type VariableGroup = z.infer<typeof VariableGroup>;

/** A group as the answer to a write: what it has become is read back. */
export const WrittenGroup = z.pick(VariableGroup, { id: true, name: true, modifiedOn: true });
export type WrittenGroup = z.infer<typeof WrittenGroup>;

/** A build pipeline. Loose: it goes back whole, so everything that we don't know has to be kept. */
export const BuildDefinition = z.looseObject({
  id: z.number(),
  name: z.string(),
  revision: z.number(),
  variables: z.optional(z.nullable(Variables)),
});
export type BuildDefinition = z.infer<typeof BuildDefinition>;

/** A list is only searched for names: whatever else is wrong with a stranger's group is not our business. */
export const VariableGroupNames = z.object({
  value: listOf(z.object({ id: z.number(), name: z.string() })),
});

export const TeamProject = z.object({ id: z.string(), name: z.string() });
