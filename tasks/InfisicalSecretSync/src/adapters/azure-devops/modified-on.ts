/**
 * A time stamp of Azure DevOps in a form that can be compared: it has up to seven digits after the second and loses
 * its trailing zeros (`…51.53Z`, `…46.9866667Z`, recorded from dev.azure.com in 2025), so text comparison would lie.
 * @returns ticks of 100 ns since 1970, as text of fixed width; `undefined` for anything that is not a UTC time
 */
export function comparableTime(text: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,7}))?(?:Z|\+00:00)$/.exec(text);
  const seconds = Date.parse(`${match?.[1] ?? ''}Z`) / 1_000;
  if (match === null || Number.isNaN(seconds)) return undefined;
  return String(BigInt(seconds) * 10_000_000n + BigInt((match[2] ?? '').padEnd(7, '0'))).padStart(20, '0');
}

/** A comparable time in ms since 1970. */
export function millisecondsOf(comparable: string): number {
  return Number(comparable) / 10_000;
}

/** The `Date` of an answer in ms since 1970, which is whole seconds; `undefined` where there is none that can be read. */
export function answeredAtMs(date: string | undefined): number | undefined {
  // RFC 9110 allows two older forms, which nobody sends any more.
  const ms = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(date ?? '')
    ? Date.parse(date ?? '')
    : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
