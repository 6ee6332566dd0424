/** What went wrong, without what the address holds of credentials. */
export function causeOf(error: unknown, url: string): string {
  const { username, password } = new URL(url);
  let text = error instanceof Error ? error.message || error.name : String(error);
  for (const secret of [password, decodeURIComponent(password), username]) {
    if (secret !== '') text = text.replaceAll(secret, '…');
  }
  return text.slice(0, 200);
}
