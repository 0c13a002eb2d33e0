/** `uname` in the kernel's Makefiles, answered without starting it. */

/**
 * The answer to `uname -r`, `uname -m`, or `uname -m` through a `sed` of plain substitutions
 * (scripts/subarch.include).
 * @returns null for any other command: it has to be run
 */
export function unameAnswer(command: string, host: { readonly machine: string; readonly release: string }) {
  const text = command.trim();
  if (text === 'uname -r') return `${host.release}\n`;
  const piped = /^uname -m(?:\s*\|\s*sed((?:\s+-e\s+\S+)+))?$/.exec(text);
  if (!piped) return null;
  let name = host.machine;
  for (const expression of piped[1]?.trim().split(/\s*-e\s+/) ?? []) {
    if (expression === '') continue;
    const changed = substitute(expression.replace(/^'(.*)'$/, '$1'), name);
    if (changed === null) return null;
    name = changed;
  }
  return `${name}\n`;
}

/** `s/a/b/` or `/c/!s/a/b/`, with patterns that mean the same in sed and in JavaScript. */
function substitute(expression: string, text: string): string | null {
  const simple = String.raw`[\w.*^$[\]]*`;
  const parts = new RegExp(`^(?:/(${simple})/(!)?)?s/(${simple})/([\\w.]*)/$`).exec(expression);
  if (!parts) return null;
  const [, address, negated, pattern, replacement] = parts;
  if (address !== undefined && new RegExp(address).test(text) === (negated === '!')) return text;
  return text.replace(new RegExp(pattern!), () => replacement!);
}
