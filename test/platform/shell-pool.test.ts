import { readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeCommandRunner } from '../../src/platform/node.ts';
import type { ShellPool } from '../../src/platform/platform.ts';
import { Scope } from '../../src/platform/scope.ts';
import { ended } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/', SHLVL: '3', ODD: ' a\'b\n"c" ', PWD: '/nowhere' };
const runner = new NodeCommandRunner(new Scope());
let cwd: string;
let pool: ShellPool;

beforeEach(() => {
  cwd = temporaryFolder();
  pool = runner.shells({ cwd, env });
});
afterEach(() => pool.close());

/** What conf takes of an output: `$(shell)` cuts newlines at the end, and everything behind a NUL. */
const taken = (output: string): string => (output.split('\0')[0] ?? '').replace(/\n+$/, '');
const plainly = (command: string): string => runner.run('/bin/sh', ['-c', command], { cwd, env }).stdout;
const ifSuccess = (command: string): string => `{ ${command}; } >/dev/null 2>&1 && echo "yes it-is" || echo "n"`;

describe('a pool of shells', () => {
  const commands = [
    'echo one; echo two',
    'printf "no newline"',
    "printf 'a\\n\\nb\\n\\n\\n'",
    "printf 'a\\0b'",
    "printf '\\377\\200'",
    'true',
    'exit 3',
    'kill -9 $$',
    'echo to stderr >&2; echo to stdout',
    'cat; echo "standard input is empty"',
    `echo "it's"; echo '"' \\\\ '\\n' "$ODD"`,
    'echo "first\nsecond"',
    'set -- GCC 120200 && echo $1',
    'set -- GCC 120200 && echo $2',
    'pwd; echo "$0 $# $PWD $SHLVL"; env | sort',
    '(sleep 0.3; echo late) & echo early',
    'not a program',
    'syntax error (',
    'trap "echo the end" EXIT; mkdir .tmp_$$ && rmdir .tmp_$$ && echo made',
    ifSuccess('true'),
    ifSuccess('false'),
    ifSuccess('echo hidden; test -d /'),
    ifSuccess('printf \'%b\' "a\'b" | grep -q "a\'b"'),
    ifSuccess('sleep 0.2 & exit 1'),
    ifSuccess('command -v sh'),
    'seq 1 20000',
  ];

  it('gives what each command prints, as one shell each would', async () => {
    const answers = await Promise.all(commands.map((command) => pool.run(command)));
    expect(answers.map(taken)).toEqual(commands.map((command) => taken(plainly(command))));
    expect(answers.map(taken)).toContain('yes it-is');
    expect(answers.map(taken)).toContain('early\nlate');
  });

  it('keeps many apart, and leaves nothing behind', async () => {
    const numbers = Array.from({ length: 300 }, (_, number) => number);
    const answers = await Promise.all(
      numbers.map((number) =>
        pool.run(number % 3 === 0 ? `set -- a ${number} && echo $2` : `mkdir .tmp_$$; rmdir .tmp_$$; echo ${number}`),
      ),
    );
    expect(answers.map(taken)).toEqual(numbers.map(String));
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('runs commands side by side', async () => {
    // Each waits for what the other makes: one after the other, neither would end by itself.
    const wait = (own: string, other: string): string =>
      `: > ${own}; n=0; while [ ! -e ${other} ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done; test -e ${other} && echo met`;
    const answers = await Promise.all([pool.run(wait('a', 'b')), pool.run(wait('b', 'a'))]);
    expect(answers).toEqual(['met\n', 'met\n']);
  });

  it('bounds what a command may print', async () => {
    const [endless, after] = await Promise.all([pool.run('yes'), pool.run('echo after')]);
    expect(endless.slice(0, 4096)).toBe('y\n'.repeat(2048));
    expect(endless.length).toBeLessThan(4 * 1024 * 1024);
    expect(after).toBe('after\n');
    expect(await pool.run('echo later')).toBe('later\n');
  });

  it('goes on where its shells are killed', async () => {
    const killer = 'test -e killed || { : > killed; kill -9 $PPID; }; echo again';
    const answers = await Promise.all(
      [killer, 'echo a', 'set -- b && echo $1', 'echo c'].map((command) => pool.run(command)),
    );
    expect(answers.map(taken)).toEqual(['again', 'a', 'b', 'c']);
    expect(await pool.run('echo d')).toBe('d\n');
  });

  it('answers nothing where no shell can be started', async () => {
    const nowhere = runner.shells({ cwd: join(cwd, 'missing'), env });
    expect(await nowhere.run('echo a')).toBe('');
    nowhere.close();
  });

  it('ends each shell behind the command that runs, which removes what it made', async () => {
    const scope = new Scope();
    const others = new NodeCommandRunner(scope).shells({ cwd, env });
    const wait = 'n=0; while [ ! -e go ] && [ $n -lt 100 ]; do sleep 0.05; n=$((n+1)); done';
    const made = (): string[] => readdirSync(cwd).filter((name) => name.startsWith('.tmp_'));
    for (let i = 0; i < 40; i++)
      void others.run(ifSuccess(`trap "rm -rf .tmp_$$" EXIT; mkdir .tmp_$$; : > began_$$; ${wait}`));
    while (made().length === 0) await setTimeout(10);
    const closed = scope.close();
    writeFileSync(join(cwd, 'go'), '');
    await closed;
    expect(made()).toEqual([]);
    const began = readdirSync(cwd).filter((name) => name.startsWith('began_'));
    expect(began.length).toBeLessThanOrEqual(availableParallelism());
  });

  it('ends whatever closes it, and keeps no process waiting', async () => {
    const platform = join(import.meta.dirname, '../../src/platform');
    const closings = ['pool.close()', 'scope.close()', 'pool.close(), pool.run("sleep 1000"), scope.close()'];
    const ends = closings.map(async (closing, index) => {
      const file = join(cwd, `closing-${index}.mjs`);
      writeFileSync(
        file,
        `import { NodeCommandRunner } from ${JSON.stringify(join(platform, 'node.ts'))};
        import { Scope } from ${JSON.stringify(join(platform, 'scope.ts'))};
        const scope = new Scope();
        const pool = new NodeCommandRunner(scope).shells({ cwd: '/', env: process.env });
        for (let i = 0; i < 40; i++) pool.run('sleep 1000');
        setTimeout(() => { ${closing}; }, 100);`,
      );
      const { status, stderr } = await ended([process.execPath, '--import', 'tsx', file], { env });
      return [closing, status, stderr];
    });
    expect(await Promise.all(ends)).toEqual(closings.map((closing) => [closing, 0, '']));
  });
});
