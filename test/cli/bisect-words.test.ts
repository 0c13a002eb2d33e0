/** Which words of a command line are those of `bisect`, and which of the command that `bisect run` runs. */
import { expect, it } from 'vitest';
import { newCommandLine } from '../../src/cli/command-line.ts';
import type { Start } from '../../src/cli/load-commands.ts';
import { withCommandFirst } from '../../src/cli/words.ts';

type Given = Readonly<Record<string, unknown>>;

/** What a command is given, with its options beside those that nobody asked for; nothing is run. */
async function given(words: readonly string[]): Promise<unknown> {
  let found: unknown = null;
  const own = ({ color: _, cache: __, exec: ___, ...options }: Given): Given => options;
  const commands = {
    runBisectRun: async (command: readonly string[], options: Given) => {
      found = { command, ...own(options) };
      return 0;
    },
    runBisectStatus: async (options: Given) => {
      found = own(options);
      return 0;
    },
  };
  const start = (async (work: (all: typeof commands) => Promise<number>) => {
    await work(commands);
  }) as unknown as Start;
  const program = newCommandLine(words, start, (text) => {
    throw new Error(text);
  });
  await program.parseAsync(withCommandFirst(words, program.commands), { from: 'user' });
  return found;
}

it.each<[string[], Given]>([
  [['bisect', 'run', 'sh', '-c', 'exit 0'], { command: ['sh', '-c', 'exit 0'], build: true }],
  [['bisect', 'run', 't', '-v', '-j3', '--no-build'], { command: ['t', '-v', '-j3', '--no-build'], build: true }],
  [['bisect', 'run', 't', '-h', '--deep', 'bold'], { command: ['t', '-h', '--deep', 'bold'], build: true }],
  [['bisect', 'run', '--no-build', 't', '-v', '-C', 'd'], { command: ['t', '-v', '-C', 'd'], build: false }],
  [['bisect', 'run', '-C', 'd', 't', '-C', 'e'], { command: ['t', '-C', 'e'], build: true, tree: 'd' }],
  [['-C', 'd', 'bisect', 'run', 't', '--json'], { command: ['t', '--json'], build: true, tree: 'd' }],
  [['bisect', '-C', 'd', 'run', 't', '--json'], { command: ['t', '--json'], build: true, tree: 'd' }],
  [['bisect', 'run', '--', 'sh', '-c', 'x'], { command: ['sh', '-c', 'x'], build: true }],
  [['bisect', 'run', 't', '--', 'x'], { command: ['t', '--', 'x'], build: true }],
  [['bisect', 'run', 'bisect', 'run', '-q'], { command: ['bisect', 'run', '-q'], build: true }],
  [['-C', 'd', 'bisect', 'status'], { tree: 'd' }],
  [['bisect', '-C', 'd', 'status', '-v'], { tree: 'd', verbose: true }],
])('%j', async (words, expected) => {
  expect(await given(words)).toEqual(expected);
});
