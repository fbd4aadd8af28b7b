/** A mutant that no test can tell from the source, and why. */
export interface Equivalent {
  file: string;
  /** The line, and what the mutant makes of it, as `npm run mutants` prints both. */
  was: string;
  becomes: string;
  because: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: 'sync/converge.ts',
    was: 'if (again !== current) plan = planDestination(settings, desired, believed(again, rounds));',
    becomes: 'if (true) plan = planDestination(settings, desired, believed(again, rounds));',
    because: 'Planning the same read once more gives the same plan.',
  },
  {
    file: 'sync/rounds.ts',
    was: "return { kind: 'contested', tookEffect: true };",
    becomes: "return { kind: 'contested', tookEffect: false };",
    because: 'This outcome only says how long to wait; the state is set before.',
  },
  {
    file: 'sync/conclude.ts',
    was: "return (error.stack ?? '')",
    becomes: 'return (error.stack ?? "Stryker was here!")',
    because: 'Only lines that look like those of a stack are taken from it.',
  },
  {
    file: 'sync/report.ts',
    was: 'notices: [],',
    becomes: 'notices: ["Stryker was here"],',
    because: 'Each report replaces it.',
  },
  {
    file: 'domain/description.ts',
    was: "const [, written = '', content = ''] = ownLine.exec(line.trim()) ?? [];",
    becomes: 'const [, written = "Stryker was here!", content = \'\'] = ownLine.exec(line.trim()) ?? [];',
    because: 'Without a match there is no kind, and nothing else is looked at.',
  },
  {
    file: 'domain/description.ts',
    was: "const [, written = '', content = ''] = ownLine.exec(line.trim()) ?? [];",
    becomes: 'const [, written = \'\', content = "Stryker was here!"] = ownLine.exec(line.trim()) ?? [];',
    because: 'Without a match there is no kind, and nothing else is looked at.',
  },
  {
    file: 'domain/description.ts',
    was: "const [, written = '', content = ''] = ownLine.exec(line.trim()) ?? [];",
    becomes: "const [, written = '', content = ''] = ownLine.exec(line.trim()) ?? [\"Stryker was here\"];",
    because: 'The first element, the whole match, is not looked at.',
  },
  {
    file: 'domain/key-schema.ts',
    was: "const [prefix = '', suffix = ''] = text",
    becomes: 'const [prefix = "Stryker was here!", suffix = \'\'] = text',
    because: 'A valid key schema has both parts; TypeScript can’t know.',
  },
  {
    file: 'domain/key-schema.ts',
    was: "const [prefix = '', suffix = ''] = text",
    becomes: 'const [prefix = \'\', suffix = "Stryker was here!"] = text',
    because: 'A valid key schema has both parts; TypeScript can’t know.',
  },
  {
    file: 'domain/mark.ts',
    was: 'const [, name, pattern] = content.exec(line.content) ?? [];',
    becomes: 'const [, name, pattern] = content.exec(line.content) ?? ["Stryker was here"];',
    because: 'The first element, the whole match, is not looked at.',
  },
  {
    file: 'domain/name-pattern.ts',
    was: 'const [, prefix, suffix] = /^((?:[\\w.-]|%[0-9a-f]{4})*)\\*((?:[\\w.-]|%[0-9a-f]{4})*)$/i.exec(text) ?? [];',
    becomes:
      'const [, prefix, suffix] = /^((?:[\\w.-]|%[0-9a-f]{4})*)\\*((?:[\\w.-]|%[0-9a-f]{4})*)$/i.exec(text) ?? ["Stryker was here"];',
    because: 'The first element, the whole match, is not looked at.',
  },
  {
    file: 'domain/names-only.ts',
    was: 'tags.length === 0 || (own ?? []).some((tag) => tags.includes(tag));',
    becomes: 'tags.length === 0 || (own ?? ["Stryker was here"]).some((tag) => tags.includes(tag));',
    because: 'Nobody asks for that tag.',
  },
  {
    file: 'domain/record/line.ts',
    was: "const { key = '', time, options = '', seal = '', labels = '', sign } = fields;",
    becomes:
      "const { key = \"Stryker was here!\", time, options = '', seal = '', labels = '', sign } = fields;",
    because: 'TypeScript asks for a value that is never needed: the pattern has each of these groups.',
  },
  {
    file: 'domain/record/line.ts',
    was: "const { key = '', time, options = '', seal = '', labels = '', sign } = fields;",
    becomes:
      "const { key = '', time, options = \"Stryker was here!\", seal = '', labels = '', sign } = fields;",
    because: 'TypeScript asks for a value that is never needed: the pattern has each of these groups.',
  },
  {
    file: 'domain/record/line.ts',
    was: "const { key = '', time, options = '', seal = '', labels = '', sign } = fields;",
    becomes:
      "const { key = '', time, options = '', seal = \"Stryker was here!\", labels = '', sign } = fields;",
    because: 'TypeScript asks for a value that is never needed: the pattern has each of these groups.',
  },
  {
    file: 'domain/record/line.ts',
    was: "const { key = '', time, options = '', seal = '', labels = '', sign } = fields;",
    becomes:
      "const { key = '', time, options = '', seal = '', labels = \"Stryker was here!\", sign } = fields;",
    because: 'TypeScript asks for a value that is never needed: the pattern has each of these groups.',
  },
  {
    file: 'domain/record/line.ts',
    was: "const shortest = { key: label, time: 1e9, options: label, seal: whole, labels: '' };",
    becomes:
      'const shortest = { key: label, time: 1e9, options: label, seal: whole, labels: "Stryker was here!" };',
    because: 'Where a record does not fit, it is tried without labels.',
  },
  {
    file: 'domain/secret-value.ts',
    was: 'for (let at = 0; at < this.#text.length; at += 1) if (isLineEnd(this.#text.charCodeAt(at))) count += 1;',
    becomes:
      'for (let at = 0; at <= this.#text.length; at += 1) if (isLineEnd(this.#text.charCodeAt(at))) count += 1;',
    because: 'Behind the end there is no line end.',
  },
  {
    file: 'domain/sync-name.ts',
    was: "return hash.toString(36).padStart(8, '0').slice(-8);",
    becomes: 'return hash.toString(36).padStart(8, "").slice(-8);',
    because: 'One hash in 10^8 is that short; no source is known that has one.',
  },
  {
    file: 'domain/text.ts',
    was: 'const text = harmless(name.slice(0, 401));',
    becomes: 'const text = harmless(name);',
    because: 'It only spares work: of more than 400 units, 200 characters are shown either way.',
  },
  {
    file: 'domain/text.ts',
    was: "if (last === undefined || shown.length === 0) return last ?? '';",
    becomes: "if (false || shown.length === 0) return last ?? '';",
    because: 'Where there is no last name there is no other.',
  },
  {
    file: 'domain/text.ts',
    was: 'return a < b ? -1 : 1;',
    becomes: 'return a <= b ? -1 : 1;',
    because: 'Equal ones are dealt with before.',
  },
  {
    file: 'domain/expansion.ts',
    was: "const empty = new SecretValue('');",
    becomes: 'const empty = new SecretValue("Stryker was here!");',
    because: 'It stands where a fault or a question is noted, and then the value is not looked at.',
  },
  {
    file: 'domain/reference.ts',
    was: "const key = parts.at(-1) ?? '';",
    becomes: 'const key = parts.at(-1) ?? "Stryker was here!";',
    because: 'A split text has at least one part.',
  },
  {
    file: 'domain/reference-values.ts',
    was: "const [literal = ''] = across;",
    becomes: 'const [literal = "Stryker was here!"] = across;',
    because: 'Called only with at least one.',
  },
  {
    file: 'domain/reference-values.ts',
    was: "{ grammar, before, imports: false, from: 'found' as const },",
    becomes: "{ grammar, before, imports: true, from: 'found' as const },",
    because: 'It only spares questions: what is found without imports is found with them, too.',
  },
  {
    file: 'domain/tags.ts',
    was: 'export function isTagged({ tags: own = [] }: { tags?: readonly string[] }, tags: readonly string[]): boolean {',
    becomes:
      'export function isTagged({ tags: own = ["Stryker was here"] }: { tags?: readonly string[] }, tags: readonly string[]): boolean {',
    because: 'Nobody asks for that tag.',
  },
  {
    file: 'domain/approval.ts',
    was: "const [, , state, options, rows = ''] = approved.split('.');",
    becomes: 'const [, , state, options, rows = "Stryker was here!"] = approved.split(\'.\');',
    because: 'A digest has this part, if an empty one: see digestPattern.',
  },
  {
    file: 'domain/expansion.ts',
    was: "const place = this.#dialect.from === 'found' ? where : referred;",
    becomes: "const place = this.#dialect.from !== 'found' ? where : referred;",
    because: 'Both ways are tried, then in the other order.',
  },
  {
    file: 'domain/environment-name.ts',
    was: 'if (/^[\\x21-\\x7e]*$/.test(name)) return environmentName(name);',
    becomes: 'if (false) return environmentName(name);',
    because: 'The long way gives the same for such names.',
  },
  {
    file: 'domain/environment-name.ts',
    was: 'if (/^[\\x21-\\x7e]*$/.test(name)) return environmentName(name);',
    becomes: 'if (/^[\\x21-\\x7e]$/.test(name)) return environmentName(name);',
    because: 'The long way gives the same for such names.',
  },
  {
    file: 'domain/text.ts',
    was: 'if (/^[\\w./-]{0,200}$/.test(name)) return name;',
    becomes: 'if (false) return name;',
    because: 'The long way leaves such names as they are.',
  },
  {
    file: 'domain/text.ts',
    was: 'if (/^[\\w./-]{0,200}$/.test(name)) return name;',
    becomes: 'if (/^[\\w./-]$/.test(name)) return name;',
    because: 'The long way leaves such names as they are.',
  },
  {
    file: 'domain/plan.ts',
    was: 'const untagged = new Set((policy.untagged ?? []).map(sameName));',
    becomes: 'const untagged = new Set((policy.untagged ?? ["Stryker was here"]).map(sameName));',
    because: 'No variable has that name.',
  },
];
