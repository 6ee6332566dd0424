import { shownAddress } from './shown-address.ts';
import { ConfigError, type Variable } from './variable.ts';

/** `GATEWAY_CORS_ORIGINS`: the web origins whose pages may read answers, comma-separated. */
export const corsOriginsVariable: Variable<readonly string[]> = {
  name: 'GATEWAY_CORS_ORIGINS',
  help: 'web origins whose pages may call, comma-separated; none: no CORS headers',
  parse: (text) => {
    const origins = (text ?? '').split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
    const unfit = origins.find((origin) => !isOrigin(origin));
    if (unfit !== undefined) {
      throw new ConfigError(
        `GATEWAY_CORS_ORIGINS holds ${JSON.stringify(shown(unfit))}; each entry should be an origin such as https://app.example.com.`,
      );
    }
    return origins;
  },
};

/** A `*` may stand in a URL's host, but no page has such an origin: an entry of that kind would silently let nobody in. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && !text.includes('*');
}

/** As it was written, since the case or the port may be what is wrong; but nobody is shown the credentials in an address. */
function shown(entry: string): string {
  return entry.includes('@') ? (shownAddress(entry) ?? '…') : entry;
}
