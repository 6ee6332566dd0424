/** Whether an Accept header refuses what it names (`q=0`, RFC 9110 §12.4.2), which hardly any does. */
export function hasRefusal(accept: string): boolean {
  return /;\s*q\s*=\s*0(\.0*)?\s*([,;]|$)/i.test(accept);
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
  for (const { name, isRefused } of ranges) {
    if (isRefused) continue;
    const accepted = mediaTypes.find(
      (mediaType) => isWithin(name, mediaType) && !refused.some((other) => outdoes(other.name, name, mediaType)),
    );
    if (accepted !== undefined) return accepted;
  }
  return undefined;
}

interface MediaRange {
  readonly name: string;
  readonly isRefused: boolean;
}

function rangesOf(accept: string | null): readonly MediaRange[] {
  const entries = (accept || '*/*').replace(/\s/g, '').toLowerCase().split(',');
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

/** The more precise range decides: anything, but for `application/json;q=0`. */
function outdoes(range: string, other: string, mediaType: string): boolean {
  return isWithin(range, mediaType) && wildcardsIn(range) < wildcardsIn(other);
}

function wildcardsIn(range: string): number {
  return range.split('*').length - 1;
}
