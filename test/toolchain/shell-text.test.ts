// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell writes variables so, too
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readShell, type ShellNode, type Word } from '../../src/toolchain/shell-text.ts';

/** The first words of all commands in a text, in order; functions where they are defined. */
function commands(node: ShellNode | null): string[] {
  if (node === null) throw new Error('not read');
  if (node.kind === 'simple')
    return [
      text(node.words[0] ?? []),
      ...node.words.flatMap(inside),
      ...node.assignments.flatMap(([, to]) => inside(to)),
    ];
  if (node.kind === 'pipeline') return node.parts.flatMap(commands);
  if (node.kind === 'sequence') return node.nodes.flatMap(commands);
  if (node.kind === 'choice') return [node.first, ...node.rest].flatMap(commands);
  return commands(node.body);
}

const text = (word: Word): string => word.map((part) => (part.kind === 'text' ? part.text : '$')).join('');
const inside = (word: Word): string[] => word.flatMap((part) => (part.kind === 'command' ? commands(part.body) : []));

describe('a text of the shell', () => {
  it.each([
    ['a && b || c; d | e', 'a b c d e'],
    ['if a; then b; elif c; then d; else e; fi > /dev/null', 'a b c d e'],
    ['while a\ndo\n\tb # | c\ndone', 'a b'],
    ['case "$(a)" in x|y) b;; (*) c; d ;; esac', ': a b c d'],
    ['case x in a) b\nesac', ': b'],
    ['f()\n{\n\ta\n}\nf', 'a f'],
    ['{ a; } 2>&1; (b; c)', 'a b c'],
    ['! a "b $(c "d") e" $((1 + ${2:-0}))', 'a c'],
    ['x=$(a | b) y=', ' a b'],
    ['a <<E | b <<-"F"\nc; $\nE\n\td `e`\n\tF\ng'.replace('$', ''), 'a b g'],
    ['a \\\n b\n\\\n\nc', 'a c'],
    ["'a b'c", 'a bc'],
    ['a\\ b#c d', 'a b#c'],
    ['${x%%[!0-9.]*} a', '$'],
  ])('%j has commands', (shell, expected) => {
    expect(commands(readShell(shell)).join(' ')).toBe(expected);
    // The shell takes it for its language, too.
    execFileSync('/bin/sh', ['-n'], { input: shell });
  });

  it('has here-documents as the command gets them', () => {
    const node = readShell('cat <<-E\n\t\ta b\n\n\tE\n');
    expect(node).toMatchObject({ redirections: [{ kind: 'text', text: 'a b\n\n' }] });
  });

  it('has backslashes in double quotes, where they mean nothing', () => {
    expect(readShell('a "\\n\\$\\\\"')).toMatchObject({ words: [[{}], [{ text: '\\n$\\', quoted: true }]] });
  });

  it.each([
    'a & b',
    '`a`',
    'a "`b`"',
    'a $$',
    'a $!',
    "a $'b'",
    'a {b,c}',
    'a ~/b',
    'a "${b:-\'c}"',
    'a ${b/c/d}',
    'a ${!b}',
    'a <(b)',
    'a <&3',
    'a 3>b',
    'a >|b',
    '((a))',
    '((a=1))',
    'a $((b = 1))',
    'a $((b++))',
    'for a in b; do c; done',
    'a <<E\n$b\nE\n',
    'a <<E\nb',
    'a <<E',
    'a $(b <<E)\nE\n',
    'if a; then b',
    'a; }',
    'a )',
    'a "b',
    "a 'b",
    'a;; b',
    '| a',
    'a &&',
    'a $(',
    'a\0b',
    'a\x01',
    `${'$('.repeat(100_000)}`,
  ])('%j is not read', (shell) => {
    expect(readShell(shell)).toBeNull();
  });
});
