/** What a shell has at one point of its work, as far as that is known without running it. */
import type { ShellNode, Word } from './shell-text.ts';

/** What it separates words at that it has put in. */
export const BLANKS = ' \t\n';

/** What a shell has at one point of its work. */
export interface State {
  /** `$1` and the following; null where they are not known. */
  positional: readonly string[] | null;
  /** `$IFS`; null where it is not known. */
  separators: string | null;
  /** Variables that are known to have been assigned, and what. */
  readonly variables: Map<string, string>;
  readonly functions: Map<string, ShellNode>;
  /** What can be read on standard input; null where that is not known. */
  input: string | null;
  /** What comes may not be done at all. */
  uncertain: boolean;
  readonly script: Script;
}

/** The text that a shell reads. */
export interface Script {
  /** `$0`; null for a command. */
  readonly name: string | null;
  /** How often each variable is assigned in it. */
  readonly assigned: ReadonlyMap<string, number>;
  readonly env: Readonly<Record<string, string>>;
  readonly depth: number;
}

/** A shell that begins with what another one has. */
export function copy(state: State): State {
  return { ...state, variables: new Map(state.variables), functions: new Map(state.functions) };
}

/** What is left to read where another command may have read some of it. */
export function readByOthers(input: string | null): string | null {
  return input === '' ? '' : null;
}

/** Splits a text as the shell splits what it has put in; null where that is not known. */
export function separate(text: string, separators: string | null): readonly string[] | null {
  if (separators === null || /[*?[\\]/.test(text)) return null;
  if ([...text].every((char) => !separators.includes(char))) return text === '' ? [] : [text];
  return separators === BLANKS ? text.split(/[ \t\n]+/).filter((word) => word !== '') : null;
}

/** How often each variable is assigned; in functions twice, as these may be called again. */
export function assignedNames(node: ShellNode): Map<string, number> {
  const found = new Map<string, number>();
  const count = (each: ShellNode): void => {
    if (each.kind === 'function') visit(each.body, count);
    if (each.kind !== 'simple' || each.words.length > 0) return;
    for (const [name] of each.assignments) found.set(name, (found.get(name) ?? 0) + 1);
  };
  visit(node, count);
  return found;
}

/** What a loop does may have been done before it is done. */
export function forgetWhatChanges(body: ShellNode, state: State): void {
  visit(body, (each) => {
    if (each.kind !== 'simple') return;
    const name = each.words[0]?.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    if (name === 'set' || name === 'shift') state.positional = null;
    if ((name !== undefined && state.functions.has(name)) || each.assignments.some(([to]) => to === 'IFS')) {
      state.separators = null;
    }
  });
}

/** Calls for each node, also those in words. */
function visit(node: ShellNode, call: (node: ShellNode) => void): void {
  call(node);
  if (node.kind === 'simple') {
    for (const word of [...node.words, ...node.assignments.map(([, value]) => value)]) visitWord(word, call);
  } else if (node.kind === 'pipeline') for (const part of node.parts) visit(part, call);
  else if (node.kind === 'sequence') for (const each of node.nodes) visit(each, call);
  else if (node.kind === 'choice') for (const each of [node.first, ...node.rest]) visit(each, call);
  else visit(node.body, call);
}

function visitWord(word: Word, call: (node: ShellNode) => void): void {
  for (const part of word) {
    if (part.kind === 'command') visit(part.body, call);
    else if (part.kind === 'arithmetic') visitWord(part.parts, call);
    else if (part.kind === 'parameter' && part.operand) visitWord(part.operand, call);
  }
}
