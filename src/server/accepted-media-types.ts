/** Whether an Accept header refuses what it names (`q=0`, RFC 9110 §12.4.2), which hardly any does. */
export function hasRefusal(accept: string): boolean {
  return /;\s*q\s*=\s*0(\.0*)?\s*([,;]|$)/i.test(accept);
}

/** Far more than any client names. Of thousands of ranges each would be looked at several times. */
const MAX_LENGTH = 1_000;

/** The ranges of an Accept header that are read: those in its first thousand characters. */
export function boundAccept(accept: string): string {
  return accept.length > MAX_LENGTH ? accept.slice(0, Math.max(0, accept.lastIndexOf(',', MAX_LENGTH))) : accept;
}

/**
 * The first of these media types that a request accepts, as its Accept header orders them; undefined: it accepts none. It is
 * how the server looks for one once it has a result (graphql-yoga, result-processor/accept.ts), which knows no refusals.
 */
export function firstAccepted<MediaType extends string>(
  mediaTypes: readonly MediaType[],
  accept: string | null,
): MediaType | undefined {
  const ranges = rangesOf(accept);
  const refused = ranges.filter(({ isRefused }) => isRefused);
  const offered = mediaTypes.map((mediaType) => ({ mediaType, bound: fewestWildcards(refused, mediaType) }));
  for (const { name, isRefused } of ranges) {
    if (isRefused) continue;
    // The more precise range decides: anything, but for `application/json;q=0`.
    const accepted = offered.find(({ mediaType, bound }) => isWithin(name, mediaType) && wildcardsIn(name) <= bound);
    if (accepted) return accepted.mediaType;
  }
  return undefined;
}

interface MediaRange {
  readonly name: string;
  readonly isRefused: boolean;
}

function rangesOf(accept: string | null): readonly MediaRange[] {
  const entries = boundAccept(accept || '*/*')
    .replace(/\s/g, '')
    .toLowerCase()
    .split(',');
  return entries.flatMap((entry) => {
    const [name = '', ...parameters] = entry.split(';');
    // Nothing is written in another charset.
    const charset = parameters.find((parameter) => parameter.includes('charset=')) ?? 'charset=utf-8';
    return charset === 'charset=utf-8' ? [{ name, isRefused: hasRefusal(entry) }] : [];
  });
}

function isWithin(range: string, mediaType: string): boolean {
  const [type, subtype] = range.split('/');
  const [ownType, ownSubtype] = mediaType.split('/');
  return (type === '*' || type === ownType) && (subtype === '*' || subtype === ownSubtype);
}

/** How precise the most precise of those ranges is that a media type is within; without one, less than any. */
function fewestWildcards(ranges: readonly MediaRange[], mediaType: string): number {
  return Math.min(...ranges.filter(({ name }) => isWithin(name, mediaType)).map(({ name }) => wildcardsIn(name)));
}

function wildcardsIn(range: string): number {
  return range.split('*').length - 1;
}
