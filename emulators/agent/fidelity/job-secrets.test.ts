import assert from 'node:assert/strict';
import { maskJobSecrets } from '../job-secrets.js';
import { Masker } from '../masker.js';
import { runTask } from './bench.js';

describe('what a job masks before its first step', () => {
  const secretVariable = (value: string): Masker => {
    const made = new Masker();
    const variable = { name: 'S', value, isSecret: true, isReadOnly: false };
    maskJobSecrets(made, { variables: [variable], endpoints: [] });
    return made;
  };
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const forms: [form: string, value: string, shown: string][] = [
    ['as it is', 'value-1', 'value-1'],
    ['without the quotes around it', '"value-1"', 'value-1'],
    ['without blanks and line ends around it', ' value-1\r\n', 'value-1'],
    ['with percents and line ends escaped', 'a%b\r\nc', 'a%AZP25b%0D%0Ac'],
    ['with only line ends escaped', 'a%b\r\nc', 'a%b%0D%0Ac'],
    ['as base64', 'value-1', base64('value-1')],
    ['as base64 in a URL', 'value-1?', encodeURIComponent(base64('value-1?'))],
  ];
  for (const [form, value, shown] of forms) {
    it(`a secret variable ${form}`, () => {
      assert.equal(secretVariable(value).mask(`x ${shown} y`).replaceAll('*', ''), 'x  y');
    });
  }

  it('but not its lines', () => {
    assert.equal(secretVariable('first line\nsecond line').mask('first line'), 'first line');
  });

  it('nor one that is only blanks', () => {
    assert.deepEqual(secretVariable(' \n').added, []);
  });

  const parameters: [name: string, isSecret: boolean][] = [
    ['password', true],
    ['username', true],
    ['apitoken', true],
    ['TenantId', false],
    ['scope', false],
    ['role', false],
    ['authenticationType', false],
  ];
  for (const [name, isSecret] of parameters) {
    it(`the parameter ${name} of a connection is ${isSecret ? 'masked, once and as it is' : 'left'}`, () => {
      const made = new Masker();
      const endpoint = {
        id: 'i',
        name: 'n',
        type: 't',
        url: 'https://h',
        scheme: 's',
        parameters: { [name]: 'param-1' },
      };

      maskJobSecrets(made, { variables: [], endpoints: [endpoint] });

      assert.deepEqual(made.added, isSecret ? ['param-1'] : []);
    });
  }

  it('and so what a group brings is hidden in a real step, but not line by line', async () => {
    const step = await runTask(`say(env.SECRET_S); say(Buffer.from(env.SECRET_S).toString('base64'))`, {
      variables: { S: { value: 'first line\nsecond line', isSecret: true } },
    });

    assert.match(step.log, /^first line\nsecond line\n\*\*\*$/m);
  });
});
