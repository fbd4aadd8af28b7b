import { execFile } from 'node:child_process';
import { root } from '../shared/paths.js';

export type Verdict =
  | { kind: 'clean'; packages: number }
  | { kind: 'found'; advisories: string[] }
  | { kind: 'not checked'; why: string };

interface Finding {
  name: string;
  severity: string;
  range: string;
  /** Advisories, or the names of packages through which it comes. */
  via: (string | { title?: string; url?: string })[];
}

/**
 * Asks the registry for known vulnerabilities of what package-lock.json holds.
 * @param whole also of what only builds and tests
 */
export async function audit(whole: boolean): Promise<Verdict> {
  const npm = process.env['npm_execpath'];
  if (npm === undefined) return { kind: 'not checked', why: 'run it as "npm run audit"' };
  const args = [
    ...[npm, 'audit', '--json', '--loglevel=silent', ...(whole ? [] : ['--omit=dev'])],
    // Offline, npm asks nobody, finds nothing and calls that a success.
    ...['--offline=false', '--audit=true', '--fetch-retries=0', '--fetch-timeout=30000'],
  ];
  return new Promise((resolve) => {
    // npm's exit code says no more than its report does.
    execFile(process.execPath, args, { cwd: root }, (_error, report) => {
      resolve(verdictOf(report));
    });
  });
}

/** What npm's report says; whatever is no report of an audit was no audit. */
export function verdictOf(output: string): Verdict {
  let report: {
    auditReportVersion?: number;
    message?: string;
    vulnerabilities?: Record<string, Finding>;
    metadata?: { dependencies?: { total?: number } };
  } | null;
  try {
    report = JSON.parse(output) as typeof report;
  } catch {
    return { kind: 'not checked', why: 'npm gave no report' };
  }
  if (report?.auditReportVersion !== 2 || report.vulnerabilities === undefined) {
    return { kind: 'not checked', why: report?.message ?? 'npm gave a report of another kind' };
  }
  const packages = report.metadata?.dependencies?.total ?? 0;
  if (packages === 0) return { kind: 'not checked', why: 'npm looked at no package' };
  const advisories = Object.values(report.vulnerabilities).map(describe);
  return advisories.length === 0 ? { kind: 'clean', packages } : { kind: 'found', advisories };
}

function describe({ name, severity, range, via }: Finding): string {
  const why = via.map((cause) =>
    typeof cause === 'string' ? `through ${cause}` : `${cause.title ?? 'no title'} ${cause.url ?? ''}`,
  );
  return `${name} ${range} (${severity}): ${why.join('; ')}`;
}
