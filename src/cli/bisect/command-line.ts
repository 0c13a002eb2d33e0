import type { Command } from 'commander';
import type { Start } from '../load-commands.ts';
import {
  addBisectOptions,
  addBisectStartOptions,
  addBuildOptions,
  type BisectActOptions,
  type BisectOptions,
  type BisectStartOptions,
  type BuildOptions,
} from '../options.ts';

/** Adds `bisect` and its commands. */
export function addBisect(program: Command, start: Start): void {
  const bisect = program
    .command('bisect')
    .description('the right config at every commit of a git bisect')
    .enablePositionalOptions();
  addBisectStartOptions(bisect.command('start'))
    .description('store the full config, and make the config of the first commit')
    .argument('<good>', 'a commit that works')
    .argument('<bad>', 'a later one that does not')
    .action((good: string, bad: string, options: BisectStartOptions) =>
      start(({ runBisectStart }, scope) => runBisectStart(good, bad, options, scope)),
    );
  addBisectOptions(bisect.command('config'))
    .description('make the config of this commit once more')
    .action((options: BisectOptions) => start(({ runBisectConfig }, scope) => runBisectConfig(options, scope)));
  addBuildOptions(bisect.command('build'), 'build.log in .git/kconfig-trim-bisect')
    .description('build this commit, as kconfig-trim build')
    .argument('[words...]', 'targets, variables and, behind --, options for make')
    .action((words: string[], options: BuildOptions) =>
      start(({ runBisectBuild }, scope) => runBisectBuild(words, options, scope)),
    );
  for (const [verdict, meaning] of VERDICTS) {
    addBisectOptions(bisect.command(verdict))
      .description(meaning)
      .action((options: BisectOptions) =>
        start(({ runBisectVerdict }, scope) => runBisectVerdict(verdict, options, scope)),
      );
  }
  addBisectOptions(bisect.command('run'))
    .description('config, build and CMD at each commit until the first bad one is known')
    .argument('<command...>', 'ends with 0 for good, 125 for what cannot be tested, 1 to 127 for bad')
    .option('-j, --jobs <n>', 'jobs that make is given (default: as many as there are processors)')
    .option('--no-build', 'CMD builds what it needs')
    .passThroughOptions()
    .action((words: string[], options: BisectOptions & { readonly jobs?: string; readonly build: boolean }) =>
      start(({ runBisectRun }, scope) => runBisectRun(words, options, scope)),
    );
  addBisectOptions(bisect.command('install'))
    .description('print what installs the kernel that was built here')
    .option('-y, --yes', 'do it')
    .action((options: BisectActOptions) => start(({ runBisectInstall }, scope) => runBisectInstall(options, scope)));
  addBisectOptions(bisect.command('clean'))
    .description('print what removes the kernels that were installed')
    .option('-y, --yes', 'do it')
    .action((options: BisectActOptions) => start(({ runBisectClean }, scope) => runBisectClean(options, scope)));
  addBisectOptions(bisect.command('status'))
    .description('what was tested and what is left')
    .action((options: BisectOptions) => start(({ runBisectStatus }, scope) => runBisectStatus(options, scope)));
  addBisectOptions(bisect.command('report'))
    .description("what a report to the kernel's developers needs")
    .action((options: BisectOptions) => start(({ runBisectReport }, scope) => runBisectReport(options, scope)));
  addBisectOptions(bisect.command('reset'))
    .description('check out what was checked out before, and forget the bisection')
    .action((options: BisectOptions) => start(({ runBisectReset }, scope) => runBisectReset(options, scope)));
}

const VERDICTS = [
  ['good', 'this commit works; the next one'],
  ['bad', 'this commit does not work; the next one'],
  ['skip', 'this commit cannot be tested; the next one'],
] as const;
