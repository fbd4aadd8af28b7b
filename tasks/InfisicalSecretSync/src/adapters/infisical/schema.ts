import * as z from 'zod/mini';

/** Only what we use; Infisical adds and drops optional fields from version to version. */
export const Login = z.object({ accessToken: z.string().check(z.minLength(1)) });

const Row = z.object({
  secretKey: z.string().check(z.minLength(1)),
  secretValue: z.string(),
  secretPath: z.optional(z.string()),
  secretValueHidden: z.optional(z.boolean()),
  type: z.optional(z.string()),
  tags: z.optional(z.nullable(z.array(z.object({ slug: z.string() })))),
});
export type Row = z.infer<typeof Row>;

const Import = z.object({
  environment: z.string(),
  secretPath: z.string(),
  folderId: z.optional(z.nullable(z.string())),
  secrets: z.array(Row),
});

export const SecretList = z.object({
  secrets: z.array(Row),
  imports: z.optional(z.nullable(z.array(Import))),
});
export type SecretList = z.infer<typeof SecretList>;

/** `GET /api/v1/projects/slug/…` answers the project itself, old routes too. */
export const Project = z.object({ id: z.string().check(z.minLength(1)) });
