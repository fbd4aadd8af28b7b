import assert from 'node:assert/strict';
import { parseConfig } from '#task/config/config.js';
import type { Config } from '#task/config/config.js';
import { readInputs, type RawInputs } from '#task/config/inputs.js';
import { aWizardSync } from '../../support/builders.js';

const given: Partial<RawInputs> = {
  infisicalConnection: 'connection-1',
  infisicalProject: 'shop',
  infisicalSync: 'To-Azure',
  variableGroup: 'web',
};
/** What a form sends for fields that were left alone. */
const leftAlone: Partial<RawInputs> = {
  secretPath: '/',
  recursive: 'False',
  disableSecretDeletion: 'false',
};
const sync = aWizardSync({ description: 'by Infisical', recursive: true, keySchema: 'A_{{secretKey}}' });

function parse(rest: Partial<RawInputs> = {}): Config {
  const inputs = { ...given, ...rest };
  return parseConfig(readInputs((name) => inputs[name]));
}

function problemsOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    return (error as { problems: string[] }).problems;
  }
}

describe('a config that takes over a sync of Infisical', () => {
  it('has the name of the sync, and no environment, until that was read', () => {
    const { source, settings, takeOver } = parse(leftAlone);

    assert.deepEqual([source.environment, settings.syncName, takeOver?.name], ['', 'to-azure', 'to-azure']);
    assert.equal('takeOver' in parse({ infisicalSync: '', environment: 'prod' }), false);
  });

  it('has all that the sync says once it was read', () => {
    const { source, settings, wizardSync, takeOver } = parse(leftAlone).takeOver?.complete(sync) ?? parse();

    assert.deepEqual([source.environment, source.secretPath, source.recursive], ['prod', '/api', true]);
    assert.deepEqual(
      [settings.syncName, settings.syncDescription, settings.disableSecretDeletion],
      ['to-azure', 'by Infisical', true],
    );
    assert.equal(settings.keySchema.nameFor('X'), 'A_X');
    assert.equal(settings.overwriteOnFirstSync, false);
    assert.deepEqual([wizardSync, takeOver], [sync, undefined]);
  });

  for (const [name, value] of [
    ['environment', 'prod'],
    ['secretPath', '/api'],
    ['recursive', 'true'],
    ['keySchema', 'A_{{secretKey}}'],
    ['disableSecretDeletion', 'true'],
    ['syncName', 'web'],
    ['syncDescription', 'text'],
  ] as const) {
    it(`refuses an input that would say otherwise, and is asked for nothing else: ${name}`, () => {
      const problems = problemsOf(() => parse({ ...leftAlone, [name]: value }));

      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', new RegExp(`^infisicalSync: .*"${name}"`));
      assert.deepEqual(
        problemsOf(() => parse({ environment: 'prod', infisicalSync: '', [name]: value })),
        [],
      );
    });
  }

  it('is asked for nothing else where such an input is wrong by itself, too', () => {
    assert.equal(problemsOf(() => parse({ keySchema: 'A_', recursive: 'perhaps' })).length, 1);
  });

  it('names what the group would be called when the sync was read, and asks for none before', () => {
    const { takeOver } = parse({ variableGroup: '' });

    const problems = problemsOf(() => takeOver?.complete(sync));

    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /^variableGroup: .*"Production"/);
  });

  it('says of what stands in the sync that it is mended there', () => {
    const problems = problemsOf(() => parse().takeOver?.complete({ ...sync, keySchema: 'A_' }));

    assert.match(problems[0] ?? '', /^keySchema: .*"to-azure" in Infisical/);
  });
});

describe('a missing group', () => {
  it('is proposed after project and environment, as far as they are there', () => {
    const proposed = (rest: Partial<RawInputs>): string | undefined => {
      const problems = problemsOf(() => parse({ infisicalSync: '', variableGroup: '', ...rest }));
      return problems.find((problem) => problem.startsWith('variableGroup'))?.match(/"([^"]*)"/)?.[1];
    };

    assert.equal(proposed({ environment: 'prod' }), 'shop-prod');
    assert.equal(proposed({}), 'shop');
    assert.equal(proposed({ infisicalProject: '' }), undefined);
  });
});

describe('problems', () => {
  it('are told in the order of the form', () => {
    const problems = problemsOf(() =>
      parse({
        ...{ infisicalSync: '', environment: '', variableGroup: '', infisicalProject: '' },
        ...{ infisicalConnection: '', maxDeletions: 'x', recursive: 'x' },
      }),
    );

    assert.deepEqual(
      problems.map((problem) => problem.split(':')[0]),
      [
        'infisicalConnection',
        'infisicalProject',
        'environment',
        'recursive',
        'variableGroup',
        'maxDeletions',
      ],
    );
  });

  it('of a removal from a pipeline are told only without a key schema', () => {
    const removal = {
      infisicalSync: '',
      environment: 'prod',
      destination: 'pipelineDefinition',
      action: 'remove',
    };

    assert.match(problemsOf(() => parse(removal))[0] ?? '', /^keySchema: /);
    assert.deepEqual(
      problemsOf(() => parse({ ...removal, keySchema: 'A_{{secretKey}}' })),
      [],
    );
  });
});

describe('what counts', () => {
  const parsed = (rest: Partial<RawInputs>): Config =>
    parse({ infisicalSync: '', environment: 'prod', ...rest });

  it('is autoSync for what is saved and written', () => {
    for (const [rest, autoSync] of [
      [{}, false],
      [{ action: 'remove' }, false],
      [{ destination: 'pipelineDefinition' }, false],
      [{ action: 'plan' }, true],
      [{ action: 'check' }, true],
      [{ destination: 'pipelineVariables' }, true],
    ] as const)
      assert.equal(parsed({ autoSync: 'false', ...rest }).settings.autoSync, autoSync);
  });

  it('is detectChanges for a group that is not to be removed from', () => {
    for (const [rest, detectChanges] of [
      [{}, false],
      [{ action: 'check' }, false],
      [{ action: 'remove' }, true],
      [{ destination: 'pipelineDefinition' }, true],
      [{ destination: 'pipelineVariables' }, true],
    ] as const)
      assert.equal(parsed({ detectChanges: 'false', ...rest }).settings.detectChanges, detectChanges);
  });

  it('is setAsOutput for the variables of a run, where nobody asks for it by default', () => {
    const { destination } = parsed({ destination: 'pipelineVariables' });

    assert.deepEqual(destination, { kind: 'pipelineVariables', setAsOutput: false });
  });
});
