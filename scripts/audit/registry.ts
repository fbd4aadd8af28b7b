import { execFile } from 'node:child_process';
import { root } from '../shared/paths.js';

export type Verdict =
  | {
      kind: 'checked';
      /** Advisories about packages in the script that ships. */
      shipped: string[];
      others: string[];
    }
  | { kind: 'not checked'; why: string };

interface Finding {
  name: string;
  severity: string;
  range: string;
  /** Where it is installed: keys of package-lock.json. */
  nodes: string[];
  /** Advisories, or the names of packages through which it comes. */
  via: (string | { title?: string; url?: string })[];
}

/**
 * Asks the registry for known vulnerabilities of what package-lock.json holds.
 * @param inScript the folders of the packages whose code ships
 */
export async function audit(inScript: ReadonlySet<string>): Promise<Verdict> {
  const npm = process.env['npm_execpath'];
  if (npm === undefined) return { kind: 'not checked', why: 'this command must be run as "npm run audit"' };
  const args = [
    ...[npm, 'audit', '--json', '--loglevel=silent'],
    // Offline, npm asks nobody, finds nothing and calls that a success.
    ...['--offline=false', '--audit=true', '--fetch-retries=0', '--fetch-timeout=30000'],
  ];
  return new Promise((resolve) => {
    // npm's exit code says no more than its report does.
    execFile(process.execPath, args, { cwd: root }, (_error, report) => {
      resolve(verdictOf(report, inScript));
    });
  });
}

/** What npm's report says; whatever is no report of an audit was no audit. */
export function verdictOf(output: string, inScript: ReadonlySet<string>): Verdict {
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
    return {
      kind: 'not checked',
      why: report?.message ?? 'npm gave a report in a form that this command does not know',
    };
  }
  const packages = report.metadata?.dependencies?.total ?? 0;
  if (packages === 0) return { kind: 'not checked', why: 'npm checked no package' };
  const findings = Object.values(report.vulnerabilities);
  return {
    kind: 'checked',
    shipped: findings.filter((finding) => isShipped(finding, inScript)).map(describe),
    others: findings.filter((finding) => !isShipped(finding, inScript)).map(describe),
  };
}

/** What a shipped package only depends on may be left out of the script; if it is not, it has a finding of its own. */
function isShipped({ nodes, via }: Finding, inScript: ReadonlySet<string>): boolean {
  return via.some((cause) => typeof cause !== 'string') && nodes.some((folder) => inScript.has(folder));
}

function describe({ name, severity, range, via }: Finding): string {
  const why = via.map((cause) =>
    typeof cause === 'string' ? `through ${cause}` : `${cause.title ?? 'no title'} ${cause.url ?? ''}`,
  );
  return `${name} ${range} (${severity}): ${why.join('; ')}`;
}
