/**
 * Signals while the toolchain is asked. The kernel's commands make directories beside the sources, `.tmp_$$`, and remove
 * them at their end: they have to come to it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyExample, PROGRAM } from '../cli/run.ts';

let example: string;
let tree: string;
let run: { readonly child: ChildProcess; readonly ended: Promise<string | null> };

const OPTIONS = ['one', 'two', 'three', 'four', 'five', 'six'];
const file = (name: string): string => join(example, name);
const letGo = (): void => writeFileSync(file('go'), '');
const temporary = (): string[] => readdirSync(tree).filter((name) => name.startsWith('.tmp_'));

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; !what(); i++) {
    if (i > 4800) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Whether a run catches SIGHUP, which Node alone does not: then it waits for answers. */
function isHolding({ pid }: ChildProcess): boolean {
  const [, mask = '0'] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return (BigInt(`0x${mask}`) & 1n) === 1n;
}

beforeEach(async () => {
  example = copyExample();
  tree = file('tree');
  // In the kernel's own words.
  writeFileSync(
    join(tree, 'lib/Kconfig'),
    `takes = $(shell,{ trap "rm -rf .tmp_$$" EXIT; mkdir .tmp_$$; $(CC) $(1) -c -x c /dev/null -o .tmp_$$/tmp.o; } >/dev/null 2>&1 && echo "y" || echo "n")
${OPTIONS.map((flag) => `config HAS_${flag}\n\tdef_bool $(takes,-f${flag})\n`).join('')}`,
  );
  mkdirSync(file('bin'));
  // It compiles until it is let go.
  writeFileSync(
    file('bin/gcc'),
    `#!/bin/sh\ncase "$*" in *.tmp_*)\n: > ${file('at-work')}\nwhile [ ! -e ${file('go')} ]; do sleep 0.05; done;;\nesac\n` +
      `case "$*" in *--version*) echo "gcc 12";; esac\n`,
  );
  chmodSync(file('bin/gcc'), 0o755);
  const child = spawn(process.execPath, [PROGRAM, 'conf', 'alldefconfig', '-C', tree, '-o', file('out')], {
    env: { PATH: `${file('bin')}:${process.env['PATH']}`, HOME: '/', ARCH: 'x86', XDG_CACHE_HOME: '/dev/null/cache' },
    stdio: 'ignore',
    // As a job of a shell: a terminal sends its signals to the group.
    detached: true,
  });
  run = { child, ended: new Promise((resolve) => child.once('close', (_, signal) => resolve(signal))) };
  await until(() => existsSync(file('at-work')) && isHolding(child));
  expect(temporary()).not.toEqual([]);
});

afterEach(() => {
  letGo();
  run.child.kill('SIGKILL');
});

describe('a signal while the toolchain is asked', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('%s leaves nothing beside the sources', async (name) => {
    process.kill(-run.child.pid!, name);
    letGo();
    expect(await run.ended).toBe(name);
    expect(temporary()).toEqual([]);
    expect(existsSync(file('out'))).toBe(false);
  });

  it('ends it at once where it is the second', async () => {
    process.kill(-run.child.pid!, 'SIGINT');
    await until(() => !isHolding(run.child));
    process.kill(-run.child.pid!, 'SIGINT');
    expect(await run.ended).toBe('SIGINT');
    letGo();
    await until(() => temporary().length === 0);
  });

  it('that cannot be caught leaves the commands to themselves, which end', async () => {
    process.kill(-run.child.pid!, 'SIGKILL');
    expect(await run.ended).toBe('SIGKILL');
    letGo();
    await until(() => temporary().length === 0);
  });
});
