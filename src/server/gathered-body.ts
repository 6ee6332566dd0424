import { IncomingMessage } from 'node:http';

/** Shorter bodies cannot come in so many pieces that they matter; nearly all are, and are read as they come. */
const SHORT_BYTES = 65_536;
/** What is as long as this is a piece of its own. */
const PIECE_BYTES = 8_192;

/**
 * Has a long body handed on in pieces of some length, however it comes: one in chunks of a single byte would be a million
 * buffers, which take 400 times as much memory as what is in them, and 5 s to pass on.
 */
export function gatherBody(request: IncomingMessage): void {
  const { 'content-length': length = 0, 'transfer-encoding': coding } = request.headers;
  if (coding === undefined && Number(length) <= SHORT_BYTES) return;
  const push = (piece: Buffer | null) => IncomingMessage.prototype.push.call(request, piece);
  let gathered = Buffer.alloc(0);
  let filled = 0;

  function handOn(): boolean {
    if (filled === 0) return true;
    const piece = gathered.subarray(0, filled);
    filled = 0;
    return push(piece);
  }

  request.push = (piece: Buffer | null) => {
    // What has been gathered goes first, also where this is the end.
    if (piece === null || piece.length >= PIECE_BYTES) {
      handOn();
      return push(piece);
    }
    const hasRoom = filled + piece.length <= PIECE_BYTES;
    const wantsMore = hasRoom || handOn();
    if (filled === 0) gathered = Buffer.allocUnsafeSlow(PIECE_BYTES);
    piece.copy(gathered, filled);
    filled += piece.length;
    return wantsMore;
  };
}
