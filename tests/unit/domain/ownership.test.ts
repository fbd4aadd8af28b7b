import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { markText } from '#task/domain/mark.js';
import { isNarrower, matchesPattern, type NamePattern } from '#task/domain/name-pattern.js';
import { ownership, type Whose } from '#task/domain/ownership.js';
import { aSchema } from '../../support/builders.js';

interface Situation {
  schema?: string;
  names?: string[];
  /** Marks beside the text, as they stand in their lines. */
  marks?: string[];
  carriesMarks?: boolean;
}

function whoseIs(name: string, { schema = '', names = [], marks = [], carriesMarks = true }: Situation) {
  const description = ['by hand', ...marks.map((mark) => `[infisical-sync: ${mark}]`)].join('\n');
  const own = { syncName: 'me', pattern: aSchema(schema).pattern };
  return ownership({ own, names, description, carriesMarks })(name);
}

describe('whose a variable is', () => {
  const app = 'APP_{{secretKey}}';
  const rows: [whose: Whose, title: string, situation: Situation][] = [
    ['ours', 'the source gives it', { names: ['app_web_x'] }],
    ['ours', 'the source gives it, and a wider mark matches', { schema: app, names: ['APP_WEB_X'], marks: ['you owns A*'] }],
    ['ours', 'the source gives it, and an equal mark matches', { schema: app, names: ['APP_WEB_X'], marks: ['you owns app_*'] }],
    ['ours', 'the source gives it, and a mark does not say', { schema: app, names: ['APP_WEB_X'], marks: ['you'] }],
    ['theirs', 'the source gives it, and a narrower mark matches', { schema: app, names: ['APP_WEB_X'], marks: ['you owns app_web_*'] }],
    ['ours', 'the mark without a key schema is there, alone', { marks: ['me owns *'] }],
    ['unproven', 'there is no mark', {}],
    ['unproven', 'the mark is one of an earlier version', { marks: ['me'] }],
    ['unproven', 'the mark has another key schema that does not match', { schema: app, marks: ['me owns WEB_*'] }],
    ['ours', 'the mark is there', { schema: app, marks: ['me owns app_*'] }],
    ['ours', 'the mark is there, and a wider one', { schema: app, marks: ['me owns APP_*', 'you owns A*', 'they owns *'] }],
    ['theirs', 'a narrower mark matches', { schema: app, marks: ['me owns APP_*', 'you owns APP_WEB_*'] }],
    ['theirs', 'a narrower mark of one’s own name matches', { schema: app, marks: ['me owns APP_*', 'me owns APP_WEB_*'] }],
    ['theirs', 'a mark with an equal prefix and a suffix matches', { schema: app, marks: ['me owns APP_*', 'you owns APP_*_X'] }],
    ['ours', 'a narrower mark does not match it', { schema: app, marks: ['me owns APP_*', 'you owns APP_EU_*'] }],
    ['open', 'an equal mark matches', { schema: app, marks: ['me owns APP_*', 'you owns APP_*'] }],
    ['open', 'a crossing mark matches', { schema: app, marks: ['me owns APP_*', 'you owns *_X'] }],
    ['open', 'another mark does not say what it owns', { schema: app, marks: ['me owns APP_*', 'you'] }],
    ['open', 'a mark can’t be read', { schema: app, marks: ['me owns APP_*', 'you, who else?'] }],
    ["nobody's", 'the key schema does not match', { schema: 'WEB_{{secretKey}}', marks: ['me owns WEB_*'] }],
    ["nobody's", 'the key schema does not match, and a mark does not say', { schema: 'WEB_{{secretKey}}', marks: ['you'] }],
    ["nobody's", 'no marks can be, and there is no key schema', { carriesMarks: false }],
    ['unproven', 'no marks can be', { schema: app, carriesMarks: false }],
    ['ours', 'no marks can be, and the source gives it', { schema: app, names: ['APP_WEB_X'], carriesMarks: false }],
  ]; // prettier-ignore
  for (const [whose, title, situation] of rows) {
    it(`${whose}, when ${title}`, () => {
      const owner = whoseIs('APP_WEB_X', situation);

      assert.equal(owner.whose, whose);
      assert.equal(owner.marks.length > 0, whose === 'theirs' || whose === 'open');
    });
  }

  it('comes with the marks that speak against this sync', () => {
    const marks = ['me owns APP_*', 'you owns APP_WEB_*', 'they owns *_X', 'old', 'far owns Z*'];
    const against = (name: string) =>
      whoseIs(name, { schema: 'APP_{{secretKey}}', marks }).marks.map(markText);

    assert.deepEqual(against('APP_WEB_X'), ['you owns APP_WEB_*']);
    assert.deepEqual(against('APP_X'), ['they owns *_X', 'old']);
  });

  it('is ours for one sync at most, where no source gives it', () => {
    const part = fc.stringMatching(/^[AB]{0,2}$/);
    const pattern = fc.record({ prefix: part, suffix: part });
    const name = fc.stringMatching(/^[abAB]{1,6}$/);
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 5 }), name, (patterns, variable) => {
        const syncs = patterns.map((claimed, i) => ({ syncName: `s${String(i)}`, pattern: claimed }));
        const description = syncs.map((mark) => `[infisical-sync: ${markText(mark)}]`).join('\n');

        const owners = syncs.filter(
          (own) => ownership({ own, names: [], description, carriesMarks: true })(variable).whose === 'ours',
        );

        const narrowest = patterns.filter(
          (one) => matchesPattern(one, variable) && patterns.every((other) => covers(other, one, variable)),
        );
        assert.deepEqual(
          owners.map(({ pattern: claimed }) => claimed),
          narrowest.length === 1 ? narrowest : [],
        );
      }),
      { numRuns: 5_000 },
    );
  });
});

/** Whether the other is itself, does not match, or is wider. */
function covers(other: NamePattern, one: NamePattern, variable: string): boolean {
  return other === one || !matchesPattern(other, variable) || isNarrower(one, other);
}

describe('the narrower of two patterns', () => {
  it('adds to prefix or suffix, and matches nothing that the wider does not', () => {
    const part = fc.stringMatching(/^[aB_]{0,3}$/);
    const key = fc.stringMatching(/^[AbB_]{1,4}$/);
    fc.assert(
      fc.property(fc.tuple(part, part, part, part), key, ([prefix, suffix, more, less], text) => {
        const wide = { prefix: prefix.toUpperCase(), suffix };
        const narrow = { prefix: prefix + more, suffix: less + suffix };

        assert.equal(isNarrower(narrow, wide), more + less !== '');
        assert.equal(isNarrower(wide, narrow), false);
        assert.equal(matchesPattern(wide, `${narrow.prefix}${text}${narrow.suffix}`), true);
      }),
      { numRuns: 1_000 },
    );
  });
});
