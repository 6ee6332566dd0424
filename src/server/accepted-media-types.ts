/**
 * Whether one of these media types is among those that a request accepts. It is how the server looks for one once it has a
 * result; whoever wants to know sooner has to look in the same way (graphql-yoga, result-processor/accept.ts).
 */
export function acceptsAnyOf(mediaTypes: readonly string[], accept: string | null): boolean {
  const ranges = (accept || '*/*').replace(/\s/g, '').toLowerCase().split(',');
  return ranges.some((range) => {
    const [accepted = '', ...parameters] = range.split(';');
    // Nothing is written in another charset.
    const charset = parameters.find((parameter) => parameter.includes('charset=')) ?? 'charset=utf-8';
    return charset === 'charset=utf-8' && mediaTypes.some((mediaType) => isWithin(accepted, mediaType));
  });
}

function isWithin(range: string, mediaType: string): boolean {
  const [type, subtype] = range.split('/');
  const [ownType, ownSubtype] = mediaType.split('/');
  return (type === '*' || type === ownType) && (subtype === '*' || subtype === ownSubtype);
}
