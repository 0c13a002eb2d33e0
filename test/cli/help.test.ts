import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { newCommandLine } from '../../src/cli/command-line.ts';
import { helpOf, pathOf, visibleCommands } from '../../src/cli/help/help.ts';
import { commandLineError, commandLines } from '../helpers/command-line-error.ts';
import { run } from './run.ts';

const program = newCommandLine(
  [],
  async () => undefined,
  () => undefined,
);
const commands = visibleCommands(program).flatMap((command) => [command, ...visibleCommands(command)]);
const named = commands.map((command) => [pathOf(command), command] as const);

/** What a command's help prints, the text behind the options included. */
function helpText(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (more) => (text += more) }).outputHelp();
  return text;
}

describe('the help', () => {
  it('lists every command in a line under a heading of what a person wants', () => {
    expect(visibleCommands(program).length).toBeGreaterThan(11);
    expect(visibleCommands(program).filter((command) => !command.helpGroup())).toEqual([]);
    expect(helpText(program)).not.toMatch(/^Commands:$|^ {2}complete /m);
    for (const command of visibleCommands(program)) {
      const line = helpText(program)
        .split('\n')
        .find((each) => each.startsWith(`  ${command.name()}`));
      expect(line).toContain(`  ${command.description()}`);
    }
  });

  it.each([['kconfig-trim', program] as const, ...named])('of %s fits 80 columns', (_, command) => {
    const lines = helpText(command).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => line.endsWith(' '))).toEqual([]);
  });

  it.each(named)('of %s has two or three examples, which the program takes', async (name, command) => {
    const examples = helpOf(command)?.examples ?? [];
    expect(helpText(command)).toContain(`\nExamples:\n  ${examples[0]?.[0]}`);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    expect(examples.length).toBeLessThanOrEqual(3);
    const lines = examples.flatMap(([line]) => commandLines(line));
    expect(lines).toHaveLength(examples.length);
    expect(lines.some((words) => words.join(' ').startsWith(name === 'trim' ? '' : name))).toBe(true);
    expect((await Promise.all(lines.map(commandLineError))).filter(Boolean)).toEqual([]);
  });

  it.each([[['trim']], [['check']], [['bisect']], [['bisect', 'start']], [['help']]])(
    'is the same for help %j and for --help behind it',
    async (words) => {
      const help = await run(['help', ...words]);
      expect(help).toMatchObject({ status: 0, stderr: '' });
      expect(help.stdout).toContain(`Usage: kconfig-trim ${words.join(' ')} `);
      expect(await run([...words, '--help'])).toEqual(help);
    },
  );

  it.each(['merge', 'olddefconfig'])('of conf is that of its target %s as well', async (target) => {
    expect(await run(['help', 'conf', target])).toEqual(await run(['help', 'conf']));
  });

  it('of the program is that of help alone', async () => {
    expect(await run(['help'])).toEqual(await run(['--help']));
  });

  it("has a command's own options first", () => {
    expect(helpText(program.commands.find((command) => command.name() === 'trim')!)).toMatch(
      /\nOptions:\n[\s\S]*--lsmod [\s\S]*--help [\s\S]*\nCommon options:\n[\s\S]*--tree /,
    );
  });

  it.each([
    [['help', 'bisect', 'strat'], "unknown command 'strat'\n(Did you mean start?)"],
    [['help', 'conf', 'mergee'], "unknown command 'mergee'\n(kconfig-trim help lists them)"],
    [['bisect', 'help', 'strat'], "unknown command 'strat'\n(Did you mean start?)"],
    [['bisect', 'strat'], "unknown command 'strat'\n(Did you mean start?)"],
    [['bisect', 'start', '--trust'], "unknown option '--trust'\n(Did you mean --trust-ends?)"],
    [['bisect', 'bad', '--nothing'], "unknown option '--nothing'\n(kconfig-trim help bisect bad lists them)"],
    [['bisect', 'nonsense'], "unknown command 'nonsense'\n(kconfig-trim help bisect lists them)"],
  ])('%j: one message', async (words, message) => {
    expect(await run(words)).toEqual({ status: 2, stdout: '', stderr: `kconfig-trim: ${message}\n` });
  });
});
