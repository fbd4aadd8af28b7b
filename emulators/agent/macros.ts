const prefix = '$(';
const suffix = ')';

/**
 * Replaces `$(name)` from left to right; what is inserted is not looked at again, and unknown names stay (VarUtil.cs
 * ExpandValues). `$($(a)` holds the macro `$(a)`.
 */
export function expandMacros(
  text: string,
  lookUp: (name: string) => string | undefined,
  options: { trims?: boolean } = {},
): string {
  let result = text;
  let from = 0;
  for (let macro = nextMacro(result, from); macro !== undefined; macro = nextMacro(result, from)) {
    const value = macro.name === '' ? undefined : lookUp(macro.name);
    if (value === undefined) {
      from = macro.start + 1;
      continue;
    }
    result = result.slice(0, macro.start) + value + result.slice(macro.end);
    if (options.trims === true) result = result.trim();
    from = macro.start + value.length;
  }
  return result;
}

export interface Macro {
  name: string;
  start: number;
  end: number;
}

export function nextMacro(text: string, from: number): Macro | undefined {
  const start = text.indexOf(prefix, from);
  if (start === -1) return undefined;
  const close = text.indexOf(suffix, start + prefix.length);
  if (close === -1) return undefined;
  return { name: text.slice(start + prefix.length, close), start, end: close + suffix.length };
}

/** How a name becomes an environment variable: `.` and blank turn into `_`, everything else stays. */
export function environmentName(name: string, keepsCase = false): string {
  const formatted = name.replaceAll('.', '_').replaceAll(' ', '_');
  return keepsCase ? formatted : formatted.toUpperCase();
}
