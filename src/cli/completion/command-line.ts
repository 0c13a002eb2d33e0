import { join, resolve } from 'node:path';
import { Argument, type Command, CommanderError } from 'commander';
import { cacheDirectory, NodeCache } from '../../platform/cache.ts';
import { gitReferences } from '../../platform/git-references.ts';
import { NodeFileSystem } from '../../platform/node.ts';
import { cachedNames } from '../../workspace/name-lists.ts';
import { type Completion, completionAt, type NamesOf } from './completion.ts';
import { SCRIPTS } from './scripts.ts';

/**
 * Adds `completion`, and `complete`, which the scripts ask. Neither loads what the other commands need: a shell waits for
 * it at every press of a key.
 */
export function addCompletion(program: Command): void {
  const print = (text: string): never => {
    program.configureOutput().writeOut?.(text);
    // As commander ends --version.
    throw new CommanderError(0, 'kconfig-trim.completion', '');
  };
  program
    .command('completion')
    .description('complete command lines in bash, zsh or fish')
    .addArgument(new Argument('<shell>', 'the shell that reads what is printed').choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS) => print(SCRIPTS[shell]));
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action((words: string[]) => print(replyText(completionAt(program, words, namesOf))));
}

/** A line that says of what kind the candidates are, and one for each, its meaning behind a tab. */
function replyText({ kind, candidates, behind, open }: Completion): string {
  const lines = candidates.map(({ word, meaning }) => (meaning === '' ? word : `${word}\t${meaning}`));
  return [`${kind}${behind ? ' =' : ''}${open ? ' open' : ''}`, ...lines, ''].join('\n');
}

/** What make's ARCH may be beside the names of directories. */
const MORE_ARCHES = ['x86_64', 'i386'];

/** Names that earlier runs have cached: a tree takes seconds to read. Directories and references are there at once. */
const namesOf: NamesOf = (kind, { tree = '.', arch = process.env['ARCH'] }) => {
  const path = resolve(tree.replace(/^~(?=\/|$)/, () => process.env['HOME'] ?? '~'));
  if (kind === 'revisions') return gitReferences(path);
  if (kind === 'arches') {
    const found = new NodeFileSystem().readDirectory(join(path, 'arch')) ?? [];
    const srcarches = found.filter((name) => name !== 'Kconfig');
    return srcarches.includes('x86') ? [...srcarches, ...MORE_ARCHES] : srcarches;
  }
  const directory = cacheDirectory(process.env);
  if (directory === null) return [];
  return cachedNames(new NodeCache(directory), kind, { tree: path, arch });
};
