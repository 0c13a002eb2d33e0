/**
 * conf's messages on standard error as a set: what is compared is which messages there are, not their order, nor how
 * often conf repeats one while it calculates.
 */

/** The different messages in a text of conf's or ours; an unmet dependency's block of lines is one message. */
export function messageSet(stderr: string): string[] {
  const messages: string[] = [];
  for (const line of stderr.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('  ') && messages.length > 0) messages[messages.length - 1] += `\n${line}`;
    else messages.push(line);
  }
  return [...new Set(messages)].sort();
}
