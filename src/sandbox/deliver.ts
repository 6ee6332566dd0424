import { type IncomingMessage, request } from 'node:http';
import { isReceiverHost } from './host-check.ts';

const MAX_KEPT_BYTES = 4096;

interface Delivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the receiver answered; null status: nothing, or not in time. */
interface DeliveryResult {
  readonly status: number | null;
  /** The first 4 KiB. */
  readonly body: string;
}

/** Makes one delivery. A receiver that gives no answer is a result, not a failure. */
export type Deliver = (delivery: Delivery) => Promise<DeliveryResult>;

interface DelivererOptions {
  readonly receiverPort: number;
  readonly timeoutMs: number;
  /** Ends the deliveries that are under way. */
  readonly signal: AbortSignal;
}

const NO_ANSWER: DeliveryResult = { status: null, body: '' };

/**
 * Posts deliveries to the loopback receiver, in plain HTTP with the original Host, whatever the URL's scheme.
 * A host that is not the receiver's cannot be reached: nothing ever leaves the machine. Redirects are not followed.
 */
export function createDeliverer({ receiverPort, timeoutMs, signal }: DelivererOptions): Deliver {
  return async ({ url, headers, body }) => {
    const { hostname, host, pathname, search } = new URL(url);
    if (!isReceiverHost(hostname)) return NO_ANSWER;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        request({
          host: '127.0.0.1',
          port: receiverPort,
          method: 'POST',
          path: pathname + search,
          headers: { ...headers, host, 'content-length': Buffer.byteLength(body) },
          agent: false,
          signal: limit,
        })
          .once('response', resolve)
          .once('error', reject)
          .end(body);
      });
      return { status: response.statusCode ?? null, body: await readStart(response) };
    } catch {
      return NO_ANSWER;
    }
  };
}

async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    // Leaving the loop destroys the response, and with it the socket.
    if (size >= MAX_KEPT_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_KEPT_BYTES).toString('utf8');
}
