import { connect } from 'node:net';

/** @typedef {import('../contenders/contenders.js').LoadRequest} LoadRequest */

/**
 * A request that waits for its answer.
 * @typedef {object} Waiting
 * @property {string} path
 * @property {boolean} isWanted whether the answer's text is
 * @property {(text: string) => void} resolve
 * @property {(error: Error) => void} reject
 */

const HEAD_END = Buffer.from('\r\n\r\n');
const ERRORS = Buffer.from('"errors":[');

/**
 * A connection to a contender that stays open, with one request on it at a time. It knows of HTTP/1.1 no more than what
 * the contenders answer, so that the load leaves the machine to them: with a client library in its place it took as much
 * of it as they did. They never were at their limit then, and were woken for each request alone, which made dearest what
 * does least.
 */
export class Connection {
  #socket;
  #host;
  /** @type {Waiting | undefined} */
  #waiting;
  /** @type {Buffer[]} */
  #chunks = [];
  /** How much of the answer's body is still to come, in bytes; undefined before its head is there. */
  #missing = /** @type {number | undefined} */ (undefined);
  #isGood = true;

  /** @param {string} url the contender's origin */
  constructor(url) {
    const { hostname, port, host } = new URL(url);
    this.#host = host;
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on('data', (/** @type {Buffer} */ chunk) => this.#read(chunk));
    this.#socket.on('error', (error) => this.#fail(error.message));
    this.#socket.on('close', () => this.#fail('the connection was closed'));
  }

  /**
   * Sends a request and waits for the end of its answer; the text only where it is wanted. Rejects where the status is
   * not 200, and where the answer holds errors: an overloaded contender is no fast one.
   * @param {LoadRequest} request
   * @param {boolean} isWanted
   * @returns {Promise<string>}
   */
  exchange({ method, path, headers, body }, isWanted) {
    let head = `${method} ${path} HTTP/1.1\r\nhost: ${this.#host}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    if (body !== null) head += `content-length: ${Buffer.byteLength(body)}\r\n`;
    return new Promise((resolve, reject) => {
      this.#waiting = { path, isWanted, resolve, reject };
      this.#socket.write(`${head}\r\n${body ?? ''}`);
    });
  }

  close() {
    this.#socket.destroy();
  }

  /** @param {Buffer} chunk */
  #read(chunk) {
    if (this.#missing !== undefined) return this.#readBody(chunk, this.#missing);
    this.#chunks.push(chunk);
    const begin = Buffer.concat(this.#chunks);
    const headEnd = begin.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = begin.toString('latin1', 0, headEnd);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    if (length === undefined) return this.#fail(`answered without a content-length:\n${head}`);
    this.#isGood = head.startsWith('HTTP/1.1 200 ');
    // What is not good is told with its head.
    this.#chunks = this.#isGood ? [] : [begin.subarray(0, headEnd)];
    this.#readBody(begin.subarray(headEnd + HEAD_END.length), Number(length));
  }

  /**
   * @param {Buffer} chunk
   * @param {number} missing before it
   */
  #readBody(chunk, missing) {
    this.#missing = missing - chunk.length;
    if (chunk.includes(ERRORS)) this.#isGood = false;
    if (!this.#isGood || this.#waiting?.isWanted) this.#chunks.push(chunk);
    if (this.#missing > 0) return;
    const text = Buffer.concat(this.#chunks).toString();
    if (this.#isGood) this.#take()?.resolve(text);
    else this.#fail(`answered ${text.slice(0, 800)}`);
  }

  /** @param {string} why */
  #fail(why) {
    const waiting = this.#take();
    waiting?.reject(new Error(`${waiting.path}: ${why}`));
  }

  /** The request that waits; the connection is ready for the next one. */
  #take() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#chunks = [];
    this.#missing = undefined;
    return waiting;
  }
}
