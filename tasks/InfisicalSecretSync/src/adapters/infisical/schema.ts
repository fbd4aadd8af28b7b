import * as z from 'zod/mini';
import { flag, listOf, nullable, objectOf, optional, text } from '../http/row-schemas.js';

/** Only what we use; Infisical adds and drops optional fields from version to version. */
export const Login = z.object({ accessToken: z.string().check(z.minLength(1)) });

export interface Row {
  secretKey: string;
  secretValue: string;
  secretPath?: string | undefined;
  secretValueHidden?: boolean | undefined;
  type?: string | undefined;
  tags?: { slug: string }[] | null | undefined;
}

const Tags = listOf(z.object({ slug: z.string() }));
const Row = objectOf<Row>({
  secretKey: (value) => text(value) && value !== '',
  secretValue: text,
  secretPath: optional(text),
  secretValueHidden: optional(flag),
  type: optional(text),
  tags: optional(nullable((value) => Tags.safeParse(value).success)),
});

const Import = z.object({
  environment: z.string(),
  secretPath: z.string(),
  folderId: z.optional(z.nullable(z.string())),
  secrets: listOf(Row),
});

export const SecretList = z.object({
  secrets: listOf(Row),
  imports: z.optional(z.nullable(listOf(Import))),
});
export type SecretList = z.infer<typeof SecretList>;

/** `GET /api/v1/projects/slug/…` answers the project itself, old routes too. */
export const Project = z.object({ id: z.string().check(z.minLength(1)) });
