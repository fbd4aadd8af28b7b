import * as z from 'zod/mini';
import { each, flag, listOf, nullable, optional, rowsOf, text } from '../http/row-schemas.js';

/** Only what we use; Infisical adds and drops optional fields from version to version. */
export const Login = z.object({ accessToken: z.string().check(z.minLength(1)) });

export interface Row {
  /** Of the secret, the same wherever it is listed. */
  id?: string | undefined;
  secretKey: string;
  secretValue: string;
  secretPath?: string | undefined;
  secretValueHidden?: boolean | undefined;
  type?: string | undefined;
  isHoneyTokenSecret?: boolean | null | undefined;
  tags?: { slug: string }[] | null | undefined;
}

/** Personal secrets exist only for people, whose tokens a connection should not hold; a sync takes the shared ones. */
export function isShared({ type }: Row): boolean {
  return type !== 'personal';
}

const Rows = rowsOf<Row>({
  id: optional(text),
  secretKey: (value) => text(value) && value !== '',
  secretValue: text,
  secretPath: optional(text),
  secretValueHidden: optional(flag),
  type: optional(text),
  isHoneyTokenSecret: optional(nullable(flag)),
  tags: optional(nullable(each({ slug: text }))),
});

export const Import = z.object({
  environment: z.string(),
  secretPath: z.string(),
  folderId: z.optional(z.nullable(z.string())),
  secrets: Rows,
});

export const SecretList = z.object({
  secrets: Rows,
  imports: z.optional(z.nullable(listOf(Import))),
});
export type SecretList = z.infer<typeof SecretList>;
export type ImportEntry = z.infer<typeof Import>;

/** `GET /api/v1/projects/slug/…` answers the project itself, old routes too. */
export const Project = z.object({ id: z.string().check(z.minLength(1)) });
