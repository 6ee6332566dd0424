/** Whether Redis has refused to select the database that the address names. */
export function isRefusedDatabase(error: unknown): boolean {
  if (!(error instanceof Error && error.name === 'ReplyError' && 'command' in error)) return false;
  const { command } = error;
  return typeof command === 'object' && command !== null && 'name' in command && command.name === 'select';
}
