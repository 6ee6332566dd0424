import type { Server } from 'node:http';
import { ConfigError } from '../config/variable.ts';

/** Where a server is to listen, and which variable names the port. */
interface ListenTarget {
  readonly variable: 'PORT' | 'METRICS_PORT';
  readonly host: string;
  readonly port: number;
}

/** Begins to listen. Rejects with `ConfigError` where the operator has to choose another port or address. */
export async function bindPort(server: Server, target: ListenTarget): Promise<void> {
  const { host, port } = target;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, resolve);
    });
  } catch (error) {
    const mistake = error instanceof Error && 'code' in error ? mistakeIn(target, error.code) : undefined;
    throw mistake === undefined ? error : new ConfigError(mistake, { cause: error });
  }
}

/** What is wrong in the operator's words; undefined where it is none of theirs. */
function mistakeIn({ variable, host, port }: ListenTarget, code: unknown): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `${variable} holds "${port}", which is taken at ${host}; it should hold a free port, or 0 to have one picked.`;
    case 'EACCES':
      return `${variable} holds "${port}", which this user may not bind; it should hold a port over 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST holds ${JSON.stringify(host)}, which is no address of this machine; it should hold one of its own.`;
    default:
      return undefined;
  }
}
