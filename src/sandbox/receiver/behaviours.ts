import type { Answer } from '../http-listener.ts';

/** How the receiver treats what arrives for one host name. */
export interface Behaviour {
  /** The first label of the host name. */
  readonly label: string;
  readonly description: string;
  readonly answer: Answer;
  readonly isLate?: boolean;
}

const text = (status: number, body: string) => ({ status, headers: { 'content-type': 'text/plain' }, body });

/**
 * The first label of the host name decides: `https://fail.receiver.example/any/path` gets a 500.
 *
 * | host name | answer |
 * | --- | --- |
 * | `ok.` and any other | 200 |
 * | `fail.` | 500 |
 * | `gone.` | 410 |
 * | `unauthorized.` | 401 |
 * | `redirect.` | 302, which no provider follows |
 * | `hang.` | none, ever: the provider stops waiting after 3 s |
 * | `slow.` | 200 after one second |
 * | `text.` | 200 with a line of text |
 * | `long.` | 200 with 8 KiB of text |
 * | `close.` | the connection is closed |
 */
export const BEHAVIOURS: readonly [Behaviour, ...Behaviour[]] = [
  { label: 'ok', description: '200 (any other name too)', answer: { status: 200 } },
  { label: 'fail', description: '500', answer: text(500, 'internal server error') },
  { label: 'gone', description: '410', answer: text(410, 'gone') },
  { label: 'unauthorized', description: '401', answer: text(401, 'invalid signature') },
  {
    label: 'redirect',
    description: '302, which no provider follows',
    answer: { status: 302, headers: { location: 'https://ok.receiver.example/elsewhere' } },
  },
  { label: 'hang', description: 'none, ever', answer: 'silence' },
  { label: 'slow', description: '200 after one second', answer: { status: 200 }, isLate: true },
  { label: 'text', description: '200 with a line of text', answer: text(200, 'received with thanks') },
  {
    label: 'long',
    description: '200 with 8 KiB of text',
    answer: text(200, 'lorem ipsum '.repeat(683).slice(0, 8192)),
  },
  { label: 'close', description: 'the connection is closed', answer: 'disconnect' },
];

/** How the receiver treats this host name; `host` may carry a port. */
export function behaviourOf(host: string): Behaviour {
  const label = host.toLowerCase().split('.')[0];
  return BEHAVIOURS.find((behaviour) => behaviour.label === label) ?? BEHAVIOURS[0];
}
