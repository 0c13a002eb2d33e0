/** Random trees held against the kernel's conf, many of them in one batch. */

import { type Dialect, detectDialect } from '../../src/kconfig/dialect.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { messageSet } from '../helpers/conf-messages.ts';
import fc from '../helpers/fast-check.ts';
import { parseSmallTree, runSmall, type SmallTree } from '../helpers/small-engine.ts';
import { KNOWN_COMMANDS, type LanguageFeatures, type RandomCase, randomCase } from '../property/random-kconfig.ts';
import type { Kernel } from './kernels.ts';
import { judgeAll, type SmallResult, type SmallRun } from './small-judge.ts';

/** Where the engine answers otherwise than conf. */
export interface Mismatch {
  readonly index: number;
  readonly case: RandomCase;
  /** What differs, for people. */
  readonly text: string;
}

/** What the cases of a batch were. */
export interface BatchFigures {
  readonly cases: number;
  /** Trees that conf refuses, for a loop or otherwise. */
  readonly refused: number;
  readonly loops: number;
  /** Trees on which conf itself crashes or does not come back. */
  readonly died: number;
  readonly answers: number;
  readonly messages: number;
}

export function dialectOf(kernel: Kernel): Dialect {
  return detectDialect(new NodeFileSystem(), kernel.tree, null);
}

export function featuresOf(dialect: Dialect): LanguageFeatures {
  const { optionalChoices: oldChoices, transitional, conditionalDependencies, boolChoicePrompt } = dialect;
  return { oldChoices, transitional, conditionalDependencies, boolChoicePrompt };
}

/** Compares cases with conf. */
export function compareCases(
  kernel: Kernel,
  dialect: Dialect,
  cases: readonly RandomCase[],
): { readonly mismatches: readonly Mismatch[]; readonly figures: BatchFigures } {
  const runs: SmallRun[] = cases.flatMap(({ files, env, questions }) =>
    questions.map(({ target, input }) => ({ files, env, target, input })),
  );
  const judged = judgeAll(kernel.conf, runs);
  const mismatches: Mismatch[] = [];
  const figures = { cases: cases.length, refused: 0, loops: 0, died: 0, answers: 0, messages: 0 };
  let at = 0;
  cases.forEach((each, index) => {
    const results = judged.slice(at, at + each.questions.length);
    at += each.questions.length;
    if (results[0]!.status > 128) figures.died++;
    else if (results[0]!.status !== 0) figures.refused++;
    else figures.answers += results.length;
    if (results[0]!.stderr.includes('recursive dependency')) figures.loops++;
    for (const result of results) figures.messages += messageSet(result.stderr).length;
    const text = differences(each, dialect, results);
    if (text !== '') mismatches.push({ index, case: each, text });
  });
  return { mismatches, figures };
}

function differences({ files, env, questions }: RandomCase, dialect: Dialect, judged: readonly SmallResult[]): string {
  const tree: SmallTree = parseSmallTree((name) => files[name] ?? null, dialect, {
    env,
    shell: (command) => KNOWN_COMMANDS[command] ?? '',
  });
  if (judged[0]!.status !== 0) return refusalDifference(tree, judged[0]!);
  if (!tree.kconfig) return `we refuse what conf takes: ${tree.stderr}`;
  const found: string[] = [];
  questions.forEach(({ target, input }, i) => {
    const { status, text, stderr } = judged[i]!;
    if (status > 128) return;
    if (status !== 0) found.push(`${target}: conf ended with ${status}`);
    const ours = runSmall(tree, target, input, env);
    const written = target === 'listnewconfig' ? withoutRemarks(text) : text;
    const oursWritten = target === 'listnewconfig' ? tree.stdout + ours.text : ours.text;
    if (oursWritten !== written) found.push(`${target}:\n${lineDifference(written, oursWritten)}`);
    const [said, saidByUs] = [messageSet(inOurWords(stderr)), messageSet(ours.stderr)];
    const missing = said.filter((message) => !saidByUs.includes(message));
    const added = saidByUs.filter((message) => !said.includes(message));
    for (const message of missing) found.push(`${target}: only conf says: ${message}`);
    for (const message of added) found.push(`${target}: only we say: ${message}`);
  });
  return found.join('\n');
}

/** At the end of all input old trees have forgotten the file's name; control characters are not repeated by us. */
function inOurWords(stderr: string): string {
  return stderr.replace(/^<none>:/gm, 'Kconfig:').replaceAll('\r', '');
}

/** Remarks on standard output that conf repeats each time it rewrites an expression. */
function withoutRemarks(stdout: string): string {
  return stdout.replace(/^boolean symbol \S+ tested for 'm'\? test forced to '[ny]'\n/gm, '');
}

const LOOP = /^(?:\S+:\d+:)?error: recursive dependency detected!\n(?:.+\n)+\n/gm;

/**
 * Trees that conf refuses. conf goes on after an error and may say more, we stop: for dependency loops everything must
 * be the same, for the rest our place must be one that conf names. Warnings before the error are the same.
 */
function refusalDifference(tree: SmallTree, { status, stderr }: SmallResult): string {
  // conf itself dies of some loops through undefined symbols, does not understand others, and never ends some.
  if (status > 128 || stderr.includes('unexpected recursive dependency error')) return '';
  if (tree.kconfig) return `conf refuses what we take: ${stderr}`;
  const loops = (stderr.match(LOOP) ?? []).join('');
  if (LOOP.test(tree.stderr)) {
    LOOP.lastIndex = 0;
    const ours = (tree.stderr.match(LOOP) ?? []).join('');
    return ours === loops ? warningDifference(tree.stderr, stderr) : `loops, conf:\n${loops}ours:\n${ours}`;
  }
  // New trees name the file around the one in which the end stands.
  if ([stderr, tree.stderr].every((text) => / in (different|another) file than /.test(text))) return '';
  const place = /^\S+?:\d+:(?!\s*warning:)/m.exec(tree.stderr)?.[0];
  if (place === undefined || !stderr.includes(place)) return `refused, conf:\n${stderr}ours:\n${tree.stderr}`;
  return warningDifference(tree.stderr, stderr);
}

const WARNING = /^\S+:\d+:\s*warning: /;

/** Warnings that conf gives before its first error and we don't, and those that we give and conf never does. */
function warningDifference(ours: string, theirs: string): string {
  const lines = inOurWords(theirs).split('\n');
  const saidByUs = messageSet(ours);
  const error = lines.findIndex((line) => line !== '' && !WARNING.test(line));
  const missing = lines.slice(0, Math.max(error, 0)).filter((line) => line !== '' && !saidByUs.includes(line));
  const added = saidByUs.filter((line) => WARNING.test(line) && !lines.includes(line));
  return [
    ...missing.map((line) => `before the error only conf says: ${line}`),
    ...added.map((line) => `before the error only we say: ${line}`),
  ].join('\n');
}

function lineDifference(theirs: string, ours: string): string {
  const [left, right] = [theirs.split('\n'), ours.split('\n')];
  const only = (mine: string[], other: string[], mark: string) =>
    mine.filter((line) => !other.includes(line)).map((line) => `  ${mark} ${line}`);
  const lines = [...only(left, right, 'conf'), ...only(right, left, 'ours')];
  return lines.length > 0 ? lines.join('\n') : `  the order: conf ${theirs}\n  ours ${ours}`;
}

/** The smallest case like the one that `index` of the seed's cases is, found within some seconds. */
export function shrink(kernel: Kernel, dialect: Dialect, seed: number, index: number, seconds: number): Mismatch {
  let smallest: Mismatch | null = null;
  const holds = (each: RandomCase): boolean => {
    const [mismatch] = compareCases(kernel, dialect, [each]).mismatches;
    if (mismatch) smallest = mismatch;
    return !mismatch;
  };
  fc.check(fc.property(randomCase(featuresOf(dialect)), holds), {
    seed,
    path: String(index),
    interruptAfterTimeLimit: seconds * 1000,
    markInterruptAsFailure: false,
  });
  if (!smallest) throw new Error(`case ${index} of seed ${seed} does not fail by itself`);
  return smallest;
}

/** `count` cases of a seed. */
export function sampleCases(dialect: Dialect, seed: number, count: number): RandomCase[] {
  return fc.sample(randomCase(featuresOf(dialect)), { seed, numRuns: count });
}

/** A case as text, to be read and kept. */
export function describeCase({ case: { files, env, questions }, text }: Mismatch): string {
  const parts = Object.entries(files).map(([name, content]) => `--- ${name}\n${content}`);
  const inputs = questions.map(({ target, input }) => `--- ${target}${input === undefined ? '' : ` <\n${input}`}\n`);
  return [text, JSON.stringify(env), ...parts, ...inputs].join('\n');
}
