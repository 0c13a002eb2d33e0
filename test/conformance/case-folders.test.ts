/** The kernel's own cases for Kconfig, all of them, against the engine; and the engine's files against conf's. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDotConfig } from '../../src/dotconfig/read.ts';
import type { ConfTarget } from '../../src/dotconfig/targets.ts';
import { formatDotConfig } from '../../src/dotconfig/write.ts';
import { type Dialect, detectDialect } from '../../src/kconfig/dialect.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { Configuration } from '../../src/values/configuration.ts';
import { type ConversationMode, converse } from '../helpers/conversation.ts';
import { parseSmallTree, runSmall, type SmallTree } from '../helpers/small-engine.ts';
import { type CaseFolder, type CaseRun, caseFolders } from './case-folders.ts';
import { describeKernels } from './describe-kernels.ts';
import { judgeAll } from './small-judge.ts';

const fs = new NodeFileSystem();

interface Answer {
  readonly succeeds: boolean;
  readonly config: string;
  readonly stdout: string;
  readonly stderr: string;
}

function parseFolder(folder: CaseFolder, dialect: Dialect): SmallTree {
  const shell = (command: string): string =>
    spawnSync('/bin/sh', ['-c', command], { cwd: folder.directory, encoding: 'latin1' }).stdout;
  return parseSmallTree((name) => fs.readText(join(folder.directory, name)), dialect, { shell });
}

/** What the engine answers, a conversation where the case holds one. */
function engineAnswer(folder: CaseFolder, run: CaseRun, dialect: Dialect): Answer {
  const tree = parseFolder(folder, dialect);
  const { kconfig, stdout } = tree;
  if (!kconfig) return { succeeds: false, config: '', stdout, stderr: tree.stderr };
  const input = run.input === null ? undefined : readFileSync(join(folder.directory, run.input), 'latin1');
  if (run.mode !== 'oldaskconfig' && run.mode !== 'oldconfig') {
    const { text, stderr } = runSmall(tree, run.mode as ConfTarget, input);
    return { succeeds: true, config: text, stdout, stderr };
  }
  const config = new Configuration(kconfig);
  if (input !== undefined) readDotConfig(config, input, { file: '.config' });
  const screen = converse(config, run.mode as ConversationMode, run.keys === '' ? [] : run.keys.split('\n'));
  return { succeeds: true, config: formatDotConfig(config), stdout: stdout + screen, stderr: tree.stderr };
}

/** As the kernel's test frame compares. */
function check(folder: CaseFolder, run: CaseRun, answer: Answer): void {
  expect(answer.succeeds).toBe(run.succeeds);
  for (const { what, how, file } of run.checks) {
    const expected = readFileSync(join(folder.directory, file), 'latin1');
    // The screen shows what was typed, which the expectation of a run without a terminal leaves out.
    if (how === 'contains') expect(answer[what]).toContain(expected);
    else expect(answer[what]).toBe(expected);
  }
}

describeKernels("the kernel's own case folders", (kernels) => {
  describe.each(kernels)('$version', (kernel) => {
    const dialect = detectDialect(fs, kernel.tree, null);
    const folders = caseFolders(kernel);

    it('has all its folders read', () => {
      expect(folders.length).toBeGreaterThanOrEqual(11);
    });

    for (const folder of folders) {
      for (const run of folder.runs.filter(({ mode }) => mode !== 'randconfig')) {
        it(`${folder.name}: ${run.mode}${run.input === null ? '' : ` on ${run.input}`}`, () => {
          const answer = engineAnswer(folder, run, dialect);
          check(folder, run, answer);
          const input = run.input === null ? undefined : readFileSync(join(folder.directory, run.input), 'latin1');
          const { directory } = folder;
          const [judged] = judgeAll(kernel.conf, [{ directory, target: run.mode, input, keys: run.keys }]);
          expect(judged!.status === 0).toBe(run.succeeds);
          expect(answer.config).toBe(judged!.text);
        });
      }
      for (const run of folder.runs.filter(({ mode }) => mode === 'randconfig')) {
        it(`${folder.name}: what randconfig finds is final, ${run.seeds} seeds`, () => {
          const expected = run.checks.map(({ file }) => readFileSync(join(folder.directory, file), 'latin1'));
          const tree = parseFolder(folder, dialect);
          for (const text of expected) expect(runSmall(tree, 'olddefconfig', text).text).toBe(text);
          const { directory } = folder;
          const seeds = Array.from({ length: run.seeds }, (_, seed) => ({ KCONFIG_SEED: `0x${seed.toString(16)}` }));
          for (const { text } of judgeAll(
            kernel.conf,
            seeds.map((env) => ({ directory, target: 'randconfig', env })),
          )) {
            expect(expected).toContain(text);
            expect(runSmall(tree, 'olddefconfig', text).text).toBe(text);
          }
        });
      }
    }
  });
});
