// Asks the registry for advisories about what is shipped; high and critical ones fail. Not every registry can tell: where
// it cannot, that is said, and is no failure.
import { spawnSync } from 'node:child_process';

const { stdout, stderr, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  encoding: 'utf8',
  maxBuffer: 100_000_000,
});
if (error) throw error;
const report = readReport(stdout);

if (report?.vulnerabilities) {
  const severe = Object.values(report.vulnerabilities).filter(({ severity }) => /^(high|critical)$/.test(severity));
  for (const { name, severity, via } of severe) console.error(`${severity}: ${name}${causesOf(via)}`);
  const { prod } = report.metadata?.dependencies ?? {};
  console.log(`${severe.length} high or critical advisories for ${prod} production dependencies`);
  process.exitCode = severe.length > 0 ? 1 : 0;
} else if (report?.message && !report.error?.code) {
  // npm's way to say that the registry answered with an error, or not at all; what is wrong here has a code.
  console.log(`NOT CHECKED for known vulnerabilities: the registry does not tell (${reasonOf(report)})`);
} else {
  console.error(stderr);
  process.exitCode = 1;
}

function readReport(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without the registry's address. */
function reasonOf({ statusCode, message }) {
  return statusCode ? `HTTP ${statusCode}` : (/\bE[A-Z_]{4,}\b/.exec(message)?.[0] ?? 'no answer');
}

/** An advisory of its own, or the dependency that has one. */
function causesOf(via) {
  return via.map((cause) => (typeof cause === 'string' ? `, by ${cause}` : `, ${cause.title} (${cause.url})`)).join('');
}
