/** A command as a person would type it. */
export function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  const [, name = '', value = ''] = /^(\w+=)?(.*)$/s.exec(word) ?? [];
  return `${name}'${value.replaceAll("'", String.raw`'\''`)}'`;
}
