import assert from 'node:assert/strict';
import { Knobs } from '../knobs.js';
import { readOnlyNames } from '../read-only-names.js';
import { Variables } from '../variables.js';

type Given = string | { secret: string };

function load(values: Record<string, Given>): { variables: Variables; warnings: string[]; masked: string[] } {
  const masked: string[] = [];
  const variables = new Variables((value) => {
    masked.push(value);
  });
  const entries = Object.entries(values).map(([name, given]) => ({
    name,
    value: typeof given === 'string' ? given : given.secret,
    isSecret: typeof given !== 'string',
    isReadOnly: false,
  }));
  return { variables, warnings: variables.load(entries), masked };
}

const set = (variables: Variables, name: string, value: string, isSecret = false): void => {
  variables.set({ name, value, isSecret, isReadOnly: false });
};
const publics = (variables: Variables): string[] =>
  variables
    .all()
    .filter(({ isSecret }) => !isSecret)
    .map(({ name }) => name);
const cyclic = (name: string): string =>
  `Unable to expand variable '${name}'. A cyclical reference was detected.`;

describe('variables inside variables', () => {
  const vectors: [
    source: string,
    values: Record<string, Given>,
    expected: Record<string, string>,
    warnings: string[],
  ][] = [
    [
      'Constructor_DetectsAdjacentCyclicalReference',
      { variable1: '1_$(variable2)', variable2: '2_$(variable3)', variable3: '3_$(variable2)' },
      { variable1: '1_$(variable2)', variable2: '2_$(variable3)', variable3: '3_$(variable2)' },
      ['variable1', 'variable2', 'variable3'].map(cyclic),
    ],
    [
      'Constructor_DetectsNonadjacentCyclicalReference',
      { variable1: '1_$(variable2)', variable2: '2_$(variable3)', variable3: '3_$(variable1)' },
      { variable1: '1_$(variable2)', variable2: '2_$(variable3)', variable3: '3_$(variable1)' },
      ['variable1', 'variable2', 'variable3'].map(cyclic),
    ],
    [
      'Constructor_ExpandsValueWithConsecutiveMacros',
      { variable1: 'before$(variable2)$(variable2)after', variable2: 'some variable 2 value' },
      { variable1: 'beforesome variable 2 valuesome variable 2 valueafter' },
      [],
    ],
    [
      'Constructor_ExpandsValueWithDeepRecursion',
      { variable1: 'before$(variable2)after', variable2: '$(variable3)world', variable3: 'hello' },
      { variable1: 'beforehelloworldafter', variable2: 'helloworld' },
      [],
    ],
    [
      'Constructor_ExpandsValueWithPreceedingPrefix',
      { variable1: 'before$($(variable2)after', variable2: 'hello' },
      { variable1: 'before$(helloafter' },
      [],
    ],
    [
      'Constructor_HandlesNullNestedValue',
      { variable1: 'before $(variable2) after', variable2: '' },
      { variable1: 'before  after' },
      [],
    ],
    [
      'RecalculateExpanded_PerformsRecalculation, unknown names stay',
      { top: '$(nested1) $(nested2)', nested1: 'x' },
      { top: 'x $(nested2)' },
      [],
    ],
  ];
  for (const [source, values, expected, warned] of vectors) {
    it(`VariablesL0 ${source}`, () => {
      const { variables, warnings } = load(values);

      assert.deepEqual(
        Object.fromEntries(Object.keys(expected).map((name) => [name, variables.get(name)?.value])),
        expected,
      );
      assert.deepEqual(warnings, warned);
    });
  }

  it('VariablesL0 Constructor_DetectsExcessiveDepth: fifty are too many, forty-nine are not', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`variable${index + 1}`, `$(variable${index + 2})`]),
    );

    const { variables, warnings } = load({ ...chain, variable51: 'Final value' });

    assert.deepEqual(warnings, [
      `Unable to expand variable 'variable1'. The max expansion depth (50) was exceeded.`,
    ]);
    assert.deepEqual(
      [variables.get('variable1')?.value, variables.get('variable2')?.value],
      ['$(variable2)', 'Final value'],
    );
  });

  for (const [source, values] of [
    [
      'Constructor_InheritsSecretFlagFromRecursion',
      { variable1: 'before $(variable2) after', variable2: { secret: 'v' } },
    ],
    [
      'Constructor_InheritsSecretFlagFromDeepRecursion',
      { variable1: '$(middle)', middle: '$(variable2)', variable2: { secret: 'v' } },
    ],
  ] as [string, Record<string, Given>][]) {
    it(`VariablesL0 ${source}`, () => {
      const { variables, masked } = load(values);

      assert.deepEqual(publics(variables), []);
      assert.ok(masked.includes(variables.get('variable1')?.value ?? ''));
    });
  }

  it('VariablesL0 RecalculateExpanded_PerformsRecalculation: only before the next step', () => {
    const { variables } = load({ top: '$(nested)' });

    set(variables, 'nested', 'x');
    const before = variables.get('top')?.value;
    variables.recalculate();

    assert.deepEqual([before, variables.get('top')?.value], ['$(nested)', 'x']);
  });

  it('a secret that holds a macro is changed without a word', () => {
    const { variables, warnings, masked } = load({ id: '7', password: { secret: 'p$(id)w' } });

    assert.deepEqual([variables.get('password')?.value, warnings, masked], ['p7w', [], ['p7w']]);
  });
});

describe('a table of variables', () => {
  it('VariablesL0 Constructor_SetsOrdinalIgnoreCaseComparer: names are one whatever their case', () => {
    const { variables } = load({ i: 'foo', I: 'bar' });

    assert.equal(variables.all().length, 1);
  });

  it('VariablesL0 Constructor_SkipVariableWithEmptyName', () => {
    const { variables } = load({ '': '', '   ': '', MyPublicVariable: 'My public value' });

    assert.deepEqual(publics(variables), ['MyPublicVariable']);
  });

  const secrecy: [source: string, first: boolean, second: boolean, isSecret: boolean][] = [
    ['Set_CanConvertAPublicValueIntoASecretValue', false, true, true],
    ['Set_CannotConvertASecretValueIntoAPublicValue', true, false, true],
    ['Set_CanUpdateASecret', true, true, true],
    ['Set_StoresValue', false, false, false],
  ];
  for (const [source, first, second, isSecret] of secrecy) {
    it(`VariablesL0 ${source}`, () => {
      const variables = new Variables();

      set(variables, 'foo', 'bar', first);
      set(variables, 'FOO', 'baz', second);

      assert.deepEqual([variables.get('foo')?.value, variables.get('foo')?.isSecret], ['baz', isSecret]);
    });
  }

  it('VariablesL0 RecalculateExpanded_RetainsUpdatedSecretness', () => {
    const variables = new Variables();
    set(variables, 'foo', 'bar');
    set(variables, 'foo', 'baz', true);

    variables.recalculate();

    assert.deepEqual([publics(variables), variables.get('foo')?.value], [[], 'baz']);
  });

  it('VariablesL0 Unset', () => {
    const variables = new Variables();
    set(variables, 'foo', 'bar');

    variables.unset('FOO');
    variables.recalculate();

    assert.equal(variables.get('foo'), undefined);
  });
});

describe('names that are read-only', () => {
  it('VariablesL0 IsReadOnly_RespectsSystemVariables: once they have a value', () => {
    const variables = new Variables();
    const names = ['system.accessToken', 'agent.builddirectory', 'build.repository.clean'];
    const before = names.filter((name) => variables.isReadOnly(name));

    for (const name of names) set(variables, name, 'abc');

    assert.deepEqual([before, names.filter((name) => variables.isReadOnly(name.toUpperCase()))], [[], names]);
  });

  it('VariablesL0 IsReadOnly_RespectsUserReadOnlyVariables', () => {
    const variables = new Variables();
    variables.set({ name: 'var1', value: 'abc', isSecret: false, isReadOnly: true });
    set(variables, 'var2', 'abc');

    assert.deepEqual([variables.isReadOnly('var1'), variables.isReadOnly('var2')], [true, false]);
  });

  it('VariablesL0 IsReadOnly_ReturnsFalseForUnsetVariables', () => {
    assert.equal(new Variables().isReadOnly('var1'), false);
  });

  it('stay so when something else sets them', () => {
    const variables = new Variables();
    variables.set({ name: 'a', value: '1', isSecret: false, isReadOnly: true });

    set(variables, 'a', '2');

    assert.deepEqual([variables.isReadOnly('a'), variables.get('a')?.value], [true, '2']);
  });

  it('are a fixed list, not all that begin like them', () => {
    assert.equal(readOnlyNames.size, 127);
    assert.deepEqual(
      ['agent.readonlyvariables', 'system.debug', 'task.publishtelemetry'].filter(
        (name) => !readOnlyNames.has(name),
      ),
      [],
    );
    assert.deepEqual(
      ['system.debug2', 'agent.mine', 'path', 'maintenance.jobtimeoutinminutes'].filter((name) =>
        readOnlyNames.has(name),
      ),
      [],
    );
  });
});

describe('settings of the agent', () => {
  const knobs = (variables: Record<string, string>, environment: Record<string, string> = {}): Knobs =>
    new Knobs(load(variables).variables, environment);

  it('come from a variable first, then from the agent, and an empty one counts as none', () => {
    assert.equal(knobs({ k: 'a' }, { K: 'b' }).text('K'), 'a');
    assert.equal(knobs({ K: '' }, { K: 'b' }).text('K'), 'b');
    assert.equal(knobs({}).text('K'), undefined);
  });

  it('are sometimes looked up the other way round', () => {
    assert.equal(knobs({ K: 'a' }, { K: 'b' }).text('K', { isEnvironmentFirst: true }), 'b');
  });

  it('yield to a feature flag of the server', () => {
    assert.equal(knobs({ 'DistributedTask.Agent.F': 'x', K: 'a' }).text('K', { feature: 'F' }), 'x');
  });

  it('are on for true, 1 and $true, and for nothing else', () => {
    assert.deepEqual(
      ['true', 'TRUE', '1', '$true', 'yes', 'on', '0'].map((K) => knobs({ K }).isOn('K')),
      [true, true, true, true, false, false, false],
    );
  });
});
