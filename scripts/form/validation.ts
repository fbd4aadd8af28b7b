import type { InputValidation } from './definition.js';

/** The one function that our form uses; Microsoft's own tasks give its third argument by one of these words. */
const grammar = /^isMatch\(value, '(?<pattern>[^']+)', '(?<option>Multiline|IgnoreCase)'\)$/;

/**
 * The test that an expression stands for (docs/taskinputvalidation.md of microsoft/azure-pipelines-tasks).
 * @throws Error when it is written otherwise
 */
export function parseValidation(expression: string): RegExp {
  const { pattern, option } = grammar.exec(expression)?.groups ?? {};
  if (pattern === undefined)
    throw new Error(`is not "isMatch(value, 'pattern', 'Multiline')": "${expression}"`);
  return new RegExp(pattern, option === 'Multiline' ? 'm' : 'i');
}

/** What an editor says to a value, or nothing. Behind a `$` may be a variable, and then it does not judge. */
export function validationMessage(validation: InputValidation | undefined, value: string): string {
  if (validation === undefined || value.includes('$')) return '';
  return parseValidation(validation.expression).test(value) ? '' : validation.message;
}
