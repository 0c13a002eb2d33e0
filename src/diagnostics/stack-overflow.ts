/**
 * Whether something recursed deeper than the stack has room for. Other errors of that class (`Invalid array length`,
 * `Invalid string length`) are defects, or something else that has no room.
 */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack size exceeded');
}
