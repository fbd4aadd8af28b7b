/** Milliseconds by the system's monotonic clock, which is the same in all processes of a machine. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
