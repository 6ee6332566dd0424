/**
 * What an operator may be shown of an address that does not fit: its scheme and host, with `…` for whatever may hold a
 * secret. Undefined where nothing may be shown: of what is no address, or one whose parts may not be what they seem.
 */
export function shownAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, host, pathname, search, hash } = new URL(text);
  // `hunter2:6379` is an address to the parser. And a password with a slash in it ends the host before its time.
  if (host === '' || `${pathname}${search}${hash}`.includes('@')) return undefined;
  return [
    `${protocol}//`,
    username || password ? '…@' : '',
    host,
    pathname === '' || pathname === '/' ? pathname : '/…',
    search === '' ? '' : '?…',
    hash === '' ? '' : '#…',
  ].join('');
}
