/** How the agent turns a name into an environment variable (VarUtil.cs): everything but `.` and blank stays. */
export function environmentName(name: string): string {
  return name.replaceAll('.', '_').replaceAll(' ', '_').toUpperCase();
}

/**
 * The environment form of a name, as the most forgiving reader would see it: Windows ignores case and maps letters to
 * similar ones when a program asks in an old code page (`ＮＯＤＥ`, `Ä`, `ſ`, the Kelvin sign).
 */
export function environmentForm(name: string): string {
  if (/^[\x21-\x7e]*$/.test(name)) return environmentName(name);
  const plain = name.normalize('NFKD').replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '');
  return environmentName(plain.toLowerCase());
}
