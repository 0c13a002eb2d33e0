/**
 * The command with which make tried to make a target, in the output of a make with `V=1`.
 * @param output Latin-1
 * @returns null where no line is it
 */
export function commandOf(target: string, output: string): string | null {
  const lines = output.split('\n').filter((line) => /^ {2}\S/.test(line));
  const makes = new RegExp(`(?:^|\\s)-o ${escaped(target)}(?=[\\s;]|$)`);
  return lines.findLast((line) => makes.test(line))?.trim() ?? null;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
