import * as z from 'zod/mini';

const Variable = z.looseObject({
  value: z.optional(z.nullable(z.string())),
  isSecret: z.optional(z.nullable(z.boolean())),
});
export type Variable = z.infer<typeof Variable>;

/** zod leaves this one name out of a record, and what is left out of a write is lost. */
const isWhole = (variables: unknown): boolean =>
  typeof variables !== 'object' || variables === null || !Object.hasOwn(variables, '__proto__');
const Variables = z.pipe(z.custom(isWhole), z.record(z.string(), Variable));

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
  variableGroupProjectReferences: z.optional(z.nullable(z.array(ProjectReference))),
});
export type VariableGroup = z.infer<typeof VariableGroup>;

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
  value: z.array(z.object({ id: z.number(), name: z.string() })),
});

export const TeamProject = z.object({ id: z.string(), name: z.string() });
