import type { SecretValue } from '../secret-value.js';
import { sameName, sortedByName } from '../text.js';

/**
 * A keyed hash of at least 256 bits as base64url. Parts can't run into each other, and what was made for one purpose is
 * never right for another. The key stays outside, as everything does that has to do with cryptography.
 */
export type Mac = (purpose: string, parts: readonly (string | SecretValue)[]) => string;

/** A variable as a group holds it; without a value where it is a secret that this run does not know. */
export interface HeldVariable {
  name: string;
  isSecret: boolean;
  value?: SecretValue;
}

/** So many characters of a print label a row: 24 bits. They decide nothing. */
export const labelLength = 4;
/** 132 bits: what decides. */
export const wholeLength = 22;

/** Tells one key from another, and nothing else. */
export function keyLabel(mac: Mac): string {
  return mac('key', []).slice(0, labelLength);
}

export function optionsLabel(mac: Mac, options: readonly string[]): string {
  return mac('options', options).slice(0, labelLength);
}

/** What becomes of a variable's name, kind and value. */
export function printOf(mac: Mac, { name, isSecret, value }: HeldVariable): string {
  const kind = isSecret ? 'secret' : 'plain';
  return mac('variable', value === undefined ? [sameName(name), kind] : [sameName(name), kind, value]);
}

/** What becomes of one of the variables that a group holds. */
export interface Print {
  isSecret: boolean;
  text: string;
}

/** Of each variable, in the order of their names: two spellings of one name have one place. Made once, for all uses. */
export function printsOf(mac: Mac, held: readonly HeldVariable[]): Print[] {
  return sortedByName(held, ({ name }) => sameName(name)).map((variable) => ({
    isSecret: variable.isSecret,
    text: printOf(mac, variable),
  }));
}

/** The labels of all secrets, in the order of their names. */
export function labelsOf(prints: readonly Print[]): string {
  return prints
    .filter(({ isSecret }) => isSecret)
    .map(({ text }) => text.slice(0, labelLength))
    .join('');
}

/** What a record stands for beside the variables. */
export interface Sealed {
  /** The group it was written to. */
  group: readonly string[];
  /** Everything that shapes the outcome, as it was typed. */
  options: readonly string[];
  /** When it was written, in seconds. */
  time: number;
}

/** Holds only for exactly these variables, options, group and time. */
export function sealOf(mac: Mac, prints: readonly Print[], { group, options, time }: Sealed): string {
  const texts = prints.map(({ text }) => text);
  return whole(mac('seal', [...counted(group), ...counted(options), String(time), ...texts]));
}

/** Holds only for exactly this text. */
export function macOfLine(mac: Mac, text: string): string {
  return whole(mac('line', [text]));
}

export function whole(print: string): string {
  return print.slice(0, wholeLength);
}

/** Two lists, one after the other, can't be taken for two others. */
function counted(parts: readonly string[]): string[] {
  return [String(parts.length), ...parts];
}
