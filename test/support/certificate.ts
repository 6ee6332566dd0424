import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A certificate for `localhost` that vouches for itself. */
export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** The file that NODE_EXTRA_CA_CERTS may name. */
  readonly certPath: string;
}

/** Node cannot make certificates. */
export const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;

const NEW_CERTIFICATE =
  'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost';

/** Makes one for the running test. */
export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'hookgraph-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [keyPath, certPath] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const { status, stderr } = spawnSync(
    'openssl',
    [...NEW_CERTIFICATE.split(' '), '-keyout', keyPath, '-out', certPath],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
  return { key: readFileSync(keyPath), cert: readFileSync(certPath), certPath };
}
