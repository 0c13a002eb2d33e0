import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { collectRecord } from '../../../src/machine/record/collect.ts';
import { RECORD_SCRIPT } from '../../../src/machine/record/script.ts';
import { formatRecord } from '../../../src/machine/record/write.ts';
import { nodePlatform } from '../../../src/platform/node.ts';
import { Scope } from '../../../src/platform/scope.ts';
import { FAKE_MACHINE, type FakeTree, fakeFs, plantMachine, SECRETS } from '../../helpers/fake-machine.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const BUSYBOX = ['/usr/bin/busybox', '/bin/busybox'].find((path) => existsSync(path));
const isThere = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
/** BusyBox's shell takes its own grep, awk, sed and so on. */
const SHELLS: readonly (readonly string[])[] = [['dash'], ...(BUSYBOX ? [[BUSYBOX, 'sh']] : [])];
const present = SHELLS.filter(([program]) => program === BUSYBOX || isThere(program!));
const AWKS = ['mawk', 'gawk', 'original-awk'].filter(isThere);

const scratch = temporaryFolder();
const script = join(scratch, 'record.sh');
beforeAll(() => {
  writeFileSync(script, RECORD_SCRIPT);
  // Somebody without rights is to read it as well.
  chmodSync(scratch, 0o755);
});

function runScript(shell: readonly string[], env: Record<string, string> = {}): string {
  const [program, ...args] = shell;
  const { PATH = '' } = process.env;
  const done = spawnSync(program!, [...args, script], { encoding: 'latin1', env: { PATH, ...env } });
  expect(done.stderr).toBe('');
  expect(done.status).toBe(0);
  return done.stdout;
}

async function collect(tree: FakeTree): Promise<string> {
  const host = { machine: machine(), release: '' };
  const epochMs = (): number => Date.now();
  return formatRecord(await collectRecord({ fs: fakeFs(tree), commands: null, env: {}, host, epochMs }));
}

const without = (part: string): FakeTree =>
  Object.fromEntries(Object.entries(FAKE_MACHINE).filter(([path]) => !path.includes(part)));

const TREES: Readonly<Record<string, FakeTree>> = {
  'a whole machine': FAKE_MACHINE,
  'no modules directory': without('/lib/modules/'),
  'no /proc': without('/proc/'),
  'no /sys': without('/sys/'),
  'a config in /boot': {
    ...without('/proc/config.gz'),
    '/boot/config-6.12.1-test': 'CONFIG_A=y\n',
  },
  'binary formats that systemd would mount': {
    ...FAKE_MACHINE,
    '/proc/mounts': (FAKE_MACHINE['/proc/mounts'] as string).replace(' binfmt_misc rw', ' autofs rw'),
  },
  nothing: { '/etc/': '' },
};

describe.each(present.map((shell) => [shell.join(' '), shell] as const))('%s', (_, shell) => {
  test.each(Object.entries(TREES))('%s: the same lines as the collector', async (name, tree) => {
    const root = join(scratch, `${shell.join('-').replaceAll('/', '_')}-${name.replaceAll(/\W/g, '_')}`);
    plantMachine(root, tree);
    const text = runScript(shell, { RECORD_ROOT: root });
    expect(text).toBe(await collect(tree));
    for (const secret of Object.values(SECRETS)) expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
  });

  test('this machine: the same facts as the collector', async () => {
    const standalone = shell[0] === BUSYBOX;
    const own = formatRecord(await collectRecord(nodePlatform(new Scope(), !standalone)));
    expect(steady(runScript(shell), standalone)).toEqual(steady(own, standalone));
  });
});

test.each(AWKS)('%s: the same lines as the collector', async (awk) => {
  const root = join(scratch, awk);
  plantMachine(root);
  const programs = join(scratch, `${awk}-first`);
  plantMachine(programs, {
    '/awk': { to: execFileSync('sh', ['-c', `command -v ${awk}`], { encoding: 'utf8' }).trim() },
  });
  const env = { RECORD_ROOT: root, PATH: `${programs}:${process.env['PATH']}` };
  expect(runScript(['sh'], env)).toBe(await collect(FAKE_MACHINE));
});

test.skipIf(process.getuid?.() !== 0)('this machine, without root: the same facts as the collector', () => {
  const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  const unseen = /^source \S+ 0$/gm;
  const text = execFileSync('setpriv', [...asNobody, 'sh', script], { encoding: 'latin1' });
  const root = runScript(['sh']);
  expect(text.split('\n').length).toBeGreaterThan(root.split('\n').length / 2);
  expect((text.match(unseen) ?? []).length).toBeGreaterThanOrEqual((root.match(unseen) ?? []).length);
});

/**
 * The lines of a record without the numbers, which change by themselves while a test runs, as sockets come and go.
 * @param standalone BusyBox takes its own `ip`, which knows less
 */
function steady(text: string, standalone: boolean): string[] {
  return text
    .split('\n')
    .filter((line) => !/^(socket|seen|crypto) /.test(line))
    .filter((line) => !standalone || !/^(link|qdisc|source (links|qdiscs)) /.test(line))
    .map((line) => line.replace(/ \d+$/, ''));
}

test('it is short enough to be read before it is run', () => {
  const lines = RECORD_SCRIPT.split('\n');
  expect(lines.length).toBeLessThan(300);
  expect(lines[0]).toBe('#!/bin/sh');
});
