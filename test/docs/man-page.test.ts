import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { manPage } from '../../scripts/man-page.ts';
import { newCommandLine } from '../../src/cli/command-line.ts';
import { COMMON_OPTIONS, helpOf, pathOf, visibleCommands } from '../../src/cli/help/help.ts';

const page = manPage('1.2.3', '2026-01-31');
const program = newCommandLine(
  [],
  async () => undefined,
  () => undefined,
);
const commands = visibleCommands(program).flatMap((command) => [command, ...visibleCommands(command)]);

/** What a reader sees, without fonts. */
const plain = page.replace(/\\f[BIR]/g, '').replaceAll('\\-', '-');

/** The lines of a section, by its heading. */
function section(heading: string): string {
  const from = plain.indexOf(heading);
  expect(from).toBeGreaterThan(0);
  const rest = plain.slice(from + heading.length);
  return rest.slice(0, rest.search(/\n\.S[HS] /));
}

describe('the manual page', () => {
  it('names the program, its version and its date', () => {
    expect(plain).toMatch(
      /^\.TH KCONFIG-TRIM 1 2026-01-31 "kconfig-trim 1\.2\.3" "User Commands"\n\.SH NAME\nkconfig-trim - /,
    );
  });

  it.each(commands.map((command) => [pathOf(command), command] as const))(
    'has %s, its options and examples',
    (name, command) => {
      const args = command.registeredArguments.length > 0 ? ' ' : '"\n';
      const text = section(`\n.SS "kconfig-trim ${name}${args}`);
      const common = section('\n.SH "COMMON OPTIONS"');
      for (const { long, helpGroupHeading, hidden } of command.options) {
        if (hidden) expect(text).not.toContain(`${long} `);
        else expect(helpGroupHeading === COMMON_OPTIONS ? common : text).toMatch(new RegExp(`^.*${long}\\b`, 'm'));
      }
      for (const [line] of helpOf(command)!.examples.filter(([each]) => !/["~]/.test(each)))
        expect(text).toContain(line);
    },
  );

  it('has no line that is taken for a request', () => {
    const requests = new Set([...page.matchAll(/^([.'][^ \n]*)/gm)].map(([, request]) => request));
    expect([...requests].sort()).toEqual(['.B', '.BR', '.PP', '.SH', '.SS', '.TH', '.TP']);
  });

  it.each([
    ['mandoc', ['-T', 'lint']],
    ['groff', ['-man', '-ww', '-Tutf8', '-z']],
  ])('is what %s takes without a warning, where there is one', (program, args) => {
    const { error, stdout, stderr } = spawnSync(program, args, { input: page, encoding: 'utf8' });
    if (error) process.stderr.write(`${program} is not installed: the manual page is NOT CHECKED by it\n`);
    else expect(stdout + stderr).toBe('');
  });
});
