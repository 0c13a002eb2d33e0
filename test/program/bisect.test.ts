/** A bisection in a git checkout, from the start to the report. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../cli/run.ts';
import { BisectTree } from './bisect-tree.ts';

let tree: BisectTree;

beforeEach(() => {
  tree = new BisectTree();
});

/** Output as a terminal of UTF-8 has it. */
const readable = (text: string): string => Buffer.from(text, 'latin1').toString();

/** A command for `bisect run`: the commit with this number, and those after it, are bad. */
function badFrom(number: number): readonly string[] {
  return ['sh', '-c', `[ $(git rev-list --count HEAD) -le ${number} ]`];
}

describe('a bisection', () => {
  it('of 40 commits goes through every subcommand, and each fits a screen', async () => {
    tree.grow(39);
    const BAD = 23;
    const told: string[] = [];
    const say = async (...words: readonly string[]): Promise<string> => {
      const { status, stdout, stderr } = words[0] === 'start' ? await tree.start() : await tree.bisect(...words);
      told.push(`${words[0]} ${status}`);
      // A run is as many messages as it has steps.
      const rows = (stdout + stderr).split('\n').length;
      if (words[0] !== 'run') expect(rows, `${words.join(' ')}:\n${stdout}${stderr}`).toBeLessThanOrEqual(24);
      return stdout;
    };
    const verdict = (): string => (tree.commits.indexOf(tree.head) >= BAD ? 'bad' : 'good');
    expect(await say('start')).toMatch(/^left {7}39 commits, about 8 kernels with both ends/m);
    for (let end = 0; end < 2; end++) await say(verdict());
    await say('skip');
    await say('config');
    for (let step = 0; step < 2; step++) await say(verdict());
    expect(await say('status')).toContain('left');
    const test = await say('run', '--no-build', ...badFrom(BAD));
    const found = `first bad  ${tree.commits[BAD]!.slice(0, 12)}`;
    if (!test.includes(found)) expect(await say('status')).toContain(found);
    expect(await say('install')).toBe('');
    await say('clean');
    expect((await tree.bisect('report')).stdout).toContain(`#regzbot introduced: ${tree.commits[BAD]}`);
    await say('reset');
    expect(tree.git('status', '--porcelain', '--untracked-files=no')).toBe('');
    expect(told.filter((each) => !each.endsWith(' 0'))).toEqual(['install 2']);
  });

  it('tests both ends, then what git chooses, and names the first bad commit', async () => {
    tree.grow(6);
    writeFileSync(join(tree.path, '.config'), 'CONFIG_64BIT=y\n');
    const first = await tree.start();
    expect(first.stderr).toBe('');
    expect(first.stdout).toContain('the known bad end: it has to be bad with this config');
    expect(first.stdout).toMatch(/^left {7}6 commits, about 5 kernels with both ends: .+ at most$/m);
    expect((await tree.bisect('status')).stdout).toMatch(
      /^left {7}6 commits, about 5 kernels with both ends: .+ at most$/m,
    );
    expect(first.stdout).toContain('41 of 41 loaded modules built; not in this tree: nvidia');
    expect(tree.head).toBe(tree.commits.at(-1));
    expect(tree.config).toContain('CONFIG_LOCALVERSION="-bisect-bad-end"\n');
    expect((await tree.bisect('bad')).stdout).toContain('the known good end');
    expect(tree.head).toBe(tree.commits[0]);
    expect((await tree.bisect('good')).stdout).toMatch(/step 1 of about 3\n/);
    expect(tree.config).toContain('CONFIG_LOCALVERSION="-bisect1"\n');
    let said = '';
    for (let step = 0; step < 4 && !said.includes('first bad'); step++) {
      const verdict = tree.commits.indexOf(tree.head) >= 3 ? 'bad' : 'good';
      const tested = tree.head;
      said = (await tree.bisect(verdict)).stdout;
      const soFar = (await tree.bisect('report')).stdout;
      if (!said.includes('first bad')) {
        const name = tested.slice(0, 12);
        expect(soFar).toMatch(RegExp(verdict === 'good' ? `^good ${name}, bad ` : `^good \\w+, bad ${name}$`, 'm'));
        expect(soFar).not.toContain('#regzbot');
      }
    }
    expect(said).toContain(`first bad  ${tree.commits[3]!.slice(0, 12)} ("commit 3")`);
    const status = await tree.bisect('status');
    expect(status.stdout).toContain('(the known good end): 41 loaded modules configured');
    const report = (await tree.bisect('report')).stdout;
    expect(report).toContain(`#regzbot introduced: ${tree.commits[3]}`);
    expect(report).toContain('git bisect start');
    const reset = await tree.bisect('reset');
    expect(reset.stdout).toBe('reset      main is checked out again\n');
    expect(tree.git('symbolic-ref', '--short', 'HEAD')).toBe('main');
    expect(tree.config).toBe('CONFIG_64BIT=y\n');
    expect(existsSync(join(tree.path, '.config.old'))).toBe(false);
    expect(existsSync(join(tree.path, '.git/kconfig-trim-bisect'))).toBe(false);
    expect(existsSync(join(tree.path, '.git/BISECT_START'))).toBe(false);
    expect((await tree.bisect('status')).stderr).toContain('no bisection goes on here');
  });

  it('is done by a command, and goes on where it was stopped', async () => {
    tree.grow(8);
    await tree.start();
    const stopped = await tree.bisect('run', '--no-build', 'sh', '-c', 'exit 130');
    expect(stopped).toMatchObject({ status: 129, stderr: 'sh -c exit 130 ended with status 130: stopped here\n' });
    const done = await tree.bisect('run', '--no-build', ...badFrom(6));
    expect(done.stdout).toContain(`first bad  ${tree.commits[6]!.slice(0, 12)}`);
    expect(done.status).toBe(0);
    expect((await tree.bisect('run', '--no-build', 'true')).stdout).toContain('first bad');
  });

  it('leaves the words of the command as they are', async () => {
    tree.grow(2);
    expect((await tree.start('--trust-ends', '--deep', '--fast')).status).toBe(0);
    const done = await tree.bisect('run', '--no-build', 'sh', '-c', 'echo "$1" "$2"', 'sh', '--deep', '--quiet');
    expect(done.stdout).toContain('--deep --quiet\n');
  });

  it('gives each commit the values that were asked for, and says which do not hold', async () => {
    tree.grow(2);
    writeFileSync(join(tree.path, '../ci.config'), 'CONFIG_ZRAM=m\n# CONFIG_KVM is not set\n');
    const started = await tree.start('--fragment', '../ci.config', '--set', 'LOG_BUF_SHIFT=20');
    expect(started).toMatchObject({ status: 0, stderr: '' });
    writeFileSync(join(tree.path, '../ci.config'), '');
    const expectValues = (): void => {
      expect(tree.config).toMatch(/^CONFIG_ZRAM=m$/m);
      expect(tree.config).toContain('CONFIG_LOG_BUF_SHIFT=20\n');
      expect(tree.config).not.toMatch(/^CONFIG_KVM=/m);
    };
    expectValues();
    expect((await tree.bisect('bad')).status).toBe(0);
    expectValues();
    expect((await tree.bisect('report')).stdout).toContain('--set ZRAM=m --set KVM=n --set LOG_BUF_SHIFT=20\n');
    await tree.bisect('reset');
    mkdirSync(join(tree.path, 'kernel/configs'), { recursive: true });
    writeFileSync(join(tree.path, 'kernel/configs/ci_small.config'), 'CONFIG_ZRAM=y\nNO_LINE\n');
    const named = await tree.start('--fragment', 'ci_small.config');
    expect(named).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('ci_small.config:2:warning: unexpected'),
    });
    expect(tree.config).toMatch(/^CONFIG_ZRAM=y$/m);
    await tree.bisect('reset');
    const unknown = await tree.start('--set', 'NO_SUCH=y');
    expect(unknown.status).toBe(1);
    expect(unknown.stdout).toContain('set        NO_SUCH: y was asked for (--set), and this tree has no such symbol');
  });

  it('says since when a module is not there, or which commit brings it', async () => {
    tree.grow(1);
    const files = ['drivers/block/Makefile', 'drivers/block/Kconfig'];
    const before = files.map((path) => readFileSync(join(tree.path, path)));
    appendFileSync(join(tree.folder, 'lsmod.txt'), 'latecomer 4096 0\n');
    appendFileSync(join(tree.folder, 'config'), 'CONFIG_LATECOMER=m\n');
    tree.edit('drivers/block/Makefile', (text) => `${text}obj-$(CONFIG_LATECOMER) += latecomer.o\n`);
    tree.edit('drivers/block/Kconfig', (text) => `${text}\nconfig LATECOMER\n\ttristate "late"\n`);
    writeFileSync(join(tree.path, 'drivers/block/latecomer.c'), 'int late;\n');
    tree.git('add', 'drivers/block/latecomer.c');
    tree.commit('brings one');
    tree.grow(1);
    const bad = await tree.start();
    expect(bad.stdout).toContain('42 of 42 loaded modules built; not in this tree: nvidia\n');
    const good = await tree.bisect('bad');
    expect(good.status).toBe(0);
    expect(good.stdout.replace(/\n +/g, ' ')).toContain(
      `41 of 41 loaded modules built; not in this tree: latecomer (comes with ${tree.commits[2]!.slice(0, 12)}), nvidia\n`,
    );
    await tree.bisect('reset');
    files.forEach((path, at) => {
      writeFileSync(join(tree.path, path), before[at]!);
    });
    tree.git('rm', '--quiet', 'drivers/block/latecomer.c');
    tree.commit('takes it away');
    tree.grow(1);
    await tree.bisect('start', tree.commits[2]!, 'main', '-c', '../config', '-l', '../lsmod.txt');
    expect((await tree.bisect('bad')).stdout).toContain('42 of 42 loaded modules built');
    let said = (await tree.bisect('good')).stdout;
    while (tree.head !== tree.commits[4]) said = (await tree.bisect('good')).stdout;
    expect(said.replace(/\n +/g, ' ')).toContain(
      `not in this tree: latecomer (gone since ${tree.commits[4]!.slice(0, 12)}), nvidia\n`,
    );
  });

  it('is not failed by a word of --keep that a commit does not know, which is said', async () => {
    tree.grow(2);
    const started = await tree.start('--keep', 'ZRAM', '--keep', 'NOT_YET');
    expect(started.status).toBe(0);
    expect(started.stdout).toContain('keep       NOT_YET: no symbol, module or directory of this tree\n');
    expect(tree.config).toMatch(/^CONFIG_ZRAM=m$/m);
    expect(await tree.bisect('bad')).toMatchObject({ status: 0 });
  });

  it('that skips all but a few says which can be it', async () => {
    tree.grow(4);
    await tree.start('--trust-ends');
    const done = await tree.bisect('run', '--no-build', 'sh', '-c', 'exit 125');
    expect(done.status).toBe(1);
    for (const commit of tree.commits.slice(1)) expect(done.stdout).toContain(commit.slice(0, 12));
    expect((await tree.bisect('report')).stdout).toContain(
      'Commits were skipped: each of these can be the first bad one',
    );
  });

  it('between neighbours is done at once', async () => {
    tree.grow(1);
    const done = await tree.start('--trust-ends');
    expect(done.stdout).toContain(`first bad  ${tree.commits[1]!.slice(0, 12)}`);
  });

  it('names ends in a way that holds once another commit is checked out', async () => {
    tree.grow(3);
    await tree.bisect('start', 'HEAD~3', '@', '-c', '../config', '-l', '../lsmod.txt');
    const [good, bad] = [tree.commits[0]!, tree.commits.at(-1)!].map((commit) => commit.slice(0, 12));
    expect((await tree.bisect('status')).stdout).toContain(`range      good ${good} .. bad ${bad}\n`);
  });

  it('says the fault of neighbours that cannot be read once', async () => {
    tree.edit('drivers/block/Kconfig', (text) => `${text}nonsense\n`);
    for (const subject of ['broken', 'broken still', 'broken yet']) tree.commit(subject);
    const { stderr } = await tree.start('--trust-ends');
    expect(stderr.match(/unknown statement "nonsense"/g)).toHaveLength(1);
    expect(stderr.match(/cannot be tested: skipped$/gm)).toHaveLength(1);
    expect(stderr.match(/cannot be tested, either: skipped$/gm)).toHaveLength(1);
  });

  it('skips commits whose Kconfig or Makefiles cannot be read', async () => {
    tree.grow(3);
    tree.edit('drivers/block/Kconfig', (text) => `${text}nonsense\n`);
    tree.commit('broken');
    tree.edit('drivers/block/Kconfig', (text) => text.replace('nonsense\n', ''));
    tree.commit('mended');
    tree.grow(3);
    const started = await tree.start('--trust-ends');
    expect(started.status).toBe(0);
    expect(started.stderr).toMatch(/unknown statement "nonsense"(?:.|\n)* cannot be tested: skipped\n$/);
    expect(tree.git('show', '--no-patch', '--format=%s')).not.toBe('broken');
    const { stdout } = await tree.bisect('status');
    expect(stdout).toContain(`skip ${tree.commits[4]!.slice(0, 12)}: no config was made`);
    expect(stdout).toMatch(/^left {7}8 commits, about 3 kernels: .+ at most$/m);
    tree.git('checkout', '--quiet', tree.commits[4]!);
    const broken = await tree.bisect('config');
    expect(broken).toMatchObject({ status: 125, stdout: '' });
    expect(broken.stderr).toContain('unknown statement "nonsense"');
    expect(broken.stderr).toContain('this commit cannot be tested: kconfig-trim bisect skip');
    const done = await tree.bisect('run', '--no-build', ...badFrom(7));
    expect(done.stdout).toContain(`first bad  ${tree.commits[7]!.slice(0, 12)}`);
  });

  it('builds each loaded module at each commit, whatever its symbols are called there', async () => {
    tree.grow(1);
    tree.edit('drivers/net/ethernet/heron/Kconfig', (text) => text.replace(/\bHERON\b/g, 'HERON_NET'));
    tree.edit('drivers/net/ethernet/heron/Makefile', (text) => text.replace(/CONFIG_HERON\b/g, 'CONFIG_HERON_NET'));
    tree.commit('renamed');
    tree.grow(1);
    const bad = await tree.start();
    expect(bad.stdout).toContain('41 of 41 loaded modules built');
    expect(tree.config).toContain('CONFIG_HERON_NET=m\n');
    expect((await tree.bisect('config')).stdout).not.toContain('since the last step');
    const good = await tree.bisect('bad');
    expect(good.stdout).toContain('41 of 41 loaded modules built');
    expect((await tree.bisect('config')).stdout).toBe(good.stdout);
    expect((await tree.bisect('config')).stdout).toBe(good.stdout);
    expect(good.stdout).toMatch(/changed {4}\d+ symbols? \(.*HERON/);
    expect(tree.config).toContain('CONFIG_HERON=m\n');
    await tree.bisect('good');
    const config = tree.config;
    await tree.bisect('config');
    expect(tree.config).toBe(config);
  });
});

it('of two ways that cost the same takes the one of the last step, so that nothing is built anew for nothing', async () => {
  const orders = [
    ['WAY_A', 'WAY_B'],
    ['WAY_B', 'WAY_A'],
  ] as const;
  const own = readFileSync(join(tree.path, 'lib/Kconfig'), 'utf8');
  const names = ['WAY_A', 'WAY_B', 'TIED'];
  const objects = names.map((name) => `obj-$(CONFIG_${name}) += ${name.toLowerCase()}.o\n`).join('');
  tree.edit('lib/Makefile', (text) => `${text}${objects}`);
  for (const [first, second] of orders) {
    const ways = [first, second].map((name) => `\nconfig ${name}\n\ttristate "${name}"\n`).join('');
    const tied = `\nconfig TIED\n\ttristate "tied"\n\tdepends on ${first} || ${second}\n`;
    tree.edit('lib/Kconfig', () => `${own}${ways}${tied}`);
    tree.commit(`${first} before ${second}`);
  }
  appendFileSync(join(tree.folder, 'config'), names.map((name) => `CONFIG_${name}=m\n`).join(''));
  appendFileSync(join(tree.folder, 'lsmod.txt'), 'tied 4096 0\n');
  const way = (): string[] => tree.config.match(/WAY_[AB](?==m)/g) ?? [];
  await tree.bisect('start', tree.commits[1]!, 'main', '-c', '../config', '-l', '../lsmod.txt');
  const atTheBadEnd = way();
  expect(atTheBadEnd).toHaveLength(1);
  expect((await tree.bisect('bad')).stdout).toContain('42 of 42 loaded modules built');
  expect(tree.head).toBe(tree.commits[1]);
  expect(way()).toEqual(atTheBadEnd);
});

describe('an end that is not what it was said to be', () => {
  beforeEach(() => tree.grow(3));

  it('has the trim made wider first', async () => {
    await tree.start('--lean', '--fast');
    expect(tree.config).not.toContain('CONFIG_MAC80211_LEDS=y');
    const wider = await tree.bisect('good');
    expect(wider.stderr).toBe(
      'note: the known bad end is good with this config, so the trim may be to blame: it is made wider, with the features of drivers\n',
    );
    expect(tree.config).toContain('CONFIG_MAC80211_LEDS=y');
    expect((await tree.bisect('good')).stderr).toContain('with debug information and the like');
    const widest = await tree.bisect('good');
    expect(widest.status).toBe(1);
    expect(widest.stderr).toContain('the known bad end is good, with the widest trim');
    expect((await tree.bisect('bad')).stdout).toContain('the known good end');
    const older = await tree.bisect('bad');
    expect(older.status).toBe(1);
    expect(older.stderr).toContain('the bug is older');
  });

  it('is checked out again where that was changed by hand', async () => {
    await tree.start();
    tree.git('checkout', '--quiet', tree.commits[1]!);
    const config = await tree.bisect('config');
    expect(config.stderr).toContain(`${tree.commits[1]!.slice(0, 12)} was checked out by hand; now it is `);
    expect(tree.head).toBe(tree.commits.at(-1));
  });

  it('cannot be skipped', async () => {
    await tree.start();
    expect(await tree.bisect('skip')).toMatchObject({ status: 2 });
    expect(tree.head).toBe(tree.commits.at(-1));
  });
});

describe('before anything is built', () => {
  it('tools are named that are missing or too old for one end, by the files of both', async () => {
    const versions = join(tree.path, 'scripts/min-tool-version.sh');
    writeFileSync(versions, 'case "$1" in\ngcc)\n\techo 99.1.0\n\t;;\nesac\n');
    tree.git('add', versions);
    tree.commit('a newer compiler');
    tree.git('rm', '--quiet', versions);
    tree.commit('any compiler');
    tree.grow(1);
    const started = await tree.bisect('start', 'main~2', 'main', '-c', '../config', '-l', '../lsmod.txt');
    expect(started.status).toBe(0);
    expect(started.stderr).toMatch(
      /^note: gcc is of version \S+, 99.1.0 is the oldest .* needs it for CC \(main~2\)\n$/,
    );
    expect((await tree.bisect('bad')).stderr).toBe('');
  });

  it('a tree is named that make O= refuses', async () => {
    tree.edit('Makefile', (text) => `${text}# source tree is not clean\n`);
    tree.commit('a rule of the kernel');
    tree.grow(3);
    writeFileSync(join(tree.path, '.config'), readFileSync(join(tree.folder, 'config')));
    mkdirSync(join(tree.folder, 'out'));
    const { status, stderr } = await tree.start('-O', '../out');
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining('note: the source tree is not clean (.config), so make O= will stop'),
    });
  });

  it('the architecture of the environment is stored for the commands that follow', async () => {
    tree.grow(1);
    tree.env = { ARCH: 'x86_64' };
    await tree.start();
    tree.env = { ARCH: 'arm64' };
    expect((await tree.bisect('bad')).stdout).toContain('41 of 41 loaded modules built');
    expect((await tree.bisect('report')).stdout).toContain('kconfig-trim --arch x86_64');
  });

  it('another compiler is noticed, and stops what nobody watches', async () => {
    tree.grow(2);
    const compilers = ['one', 'other'].map((name) => {
      const path = join(tree.folder, name);
      writeFileSync(path, `#!/bin/sh\necho 'gcc (${name}) 12.2.0'\n`, { mode: 0o755 });
      return path;
    });
    tree.env = { CC: compilers[0]! };
    await tree.start('--trust-ends');
    tree.env = { CC: compilers[1]! };
    const stopped = await tree.bisect('run', '--no-build', 'true');
    expect(stopped.status).toBe(129);
    expect(stopped.stderr).toContain(
      'the compiler is another one now: gcc (other) 12.2.0; so far it was gcc (one) 12.2.0',
    );
    expect(tree.git('bisect', 'log')).not.toContain('git bisect good');
    tree.env = { CC: compilers[0]! };
    expect((await tree.bisect('config')).stderr).toContain('note: the compiler is another one now: gcc (one) 12.2.0');
    expect((await tree.bisect('config')).stderr).toBe('');
  });
});

describe('work by hand in between', () => {
  beforeEach(async () => {
    tree.grow(8);
    await tree.start('--trust-ends');
  });

  it('or none: a reset takes the config away where there was none', async () => {
    expect(existsSync(join(tree.path, '.config'))).toBe(true);
    expect((await tree.bisect('reset')).status).toBe(0);
    expect(existsSync(join(tree.path, '.config'))).toBe(false);
  });

  it('is noticed, and counts', async () => {
    tree.git('bisect', 'good');
    const next = await tree.bisect('config');
    expect(next.stderr).toContain('note: git bisect was used by hand');
    expect((await tree.bisect('config')).stderr).toBe('');
    appendFileSync(join(tree.path, 'Kbuild'), '# changed\n');
    expect((await tree.bisect('config')).stderr).toBe(
      'note: Kbuild in the checkout is changed: what is built is not the commit alone\n',
    );
    tree.git('checkout', '--quiet', 'Kbuild');
    tree.git('checkout', '--quiet', tree.commits[7]!);
    expect((await tree.bisect('config')).stderr).toContain('that is what is tested');
  });

  it('on the config is kept beside it', async () => {
    const path = join(tree.path, '.config');
    const made = readFileSync(path, 'latin1');
    const changed = `${made}CONFIG_BY_HAND=y\n`;
    writeFileSync(path, changed);
    const { stderr } = await tree.bisect('good');
    expect(stderr).toContain('note: the config was changed by hand; it is kept as .config.by-hand.');
    expect(readFileSync(`${path}.by-hand`, 'latin1')).toBe(changed);
    expect(readFileSync(path, 'latin1')).not.toContain('BY_HAND');
    expect((await tree.bisect('config')).stderr).not.toContain('by hand');
  });

  it('of the command that run starts gives no verdict where it leaves another commit checked out', async () => {
    const tested = tree.head;
    const left = tree.commits[1]!;
    const command = `git checkout -q ${left}; exit 1`;
    const { status, stderr } = await tree.bisect('run', '--no-build', 'sh', '-c', command);
    expect(status).toBe(129);
    expect(stderr).toContain(`left ${left.slice(0, 12)} checked out: no verdict is taken for ${tested.slice(0, 12)}`);
    expect(tree.git('bisect', 'log')).not.toMatch(/^git bisect bad (?!.*\bmain\b)\S*$/m);
    tree.git('checkout', '--quiet', tested);
    expect((await tree.bisect('config')).stderr).toBe('');
  });

  const name = (commit: string): string => commit.slice(0, 12);

  it('is in status and report, which store nothing', async () => {
    const state = (): string => readFileSync(join(tree.path, '.git/kconfig-trim-bisect/state.json'), 'utf8');
    const before = state();
    const first = tree.head;
    tree.git('bisect', 'good');
    const second = tree.head;
    tree.git('bisect', 'skip');
    for (const command of ['status', 'status', 'report']) {
      const { stdout, stderr } = await tree.bisect(command);
      expect(stderr).toMatch(/^note: git bisect was used by hand.*; taken over: \w+ good, \w+ skip\n$/);
      expect(stdout).toMatch(RegExp(`good +${name(first)}`));
      expect(stdout).toMatch(RegExp(`skip +${name(second)}: no config was made|skip +${name(second)} no config`));
      expect(readable(stdout)).not.toContain('…');
    }
    expect((await tree.bisect('report')).stdout).toMatch(RegExp(`^good ${name(first)}, bad main$`, 'm'));
    expect(state()).toBe(before);
    expect((await tree.bisect('config')).stderr).toContain(`taken over: ${name(first)} good, ${name(second)} skip`);
    expect((await tree.bisect('status')).stderr).toBe('');
  });

  it('finds the first bad commit, too', async () => {
    for (let step = 0; step < 4 && !tree.git('bisect', 'log').includes('first bad'); step++) {
      tree.git('bisect', tree.commits.indexOf(tree.head) >= 5 ? 'bad' : 'good');
    }
    const found = `first bad  ${name(tree.commits[5]!)} ("commit 5")`;
    expect((await tree.bisect('status')).stdout).toContain(found);
    expect((await tree.bisect('report')).stdout).toContain(`#regzbot introduced: ${tree.commits[5]}`);
    expect((await tree.bisect('good')).stdout).toContain(found);
    // The end of it is no reason to forget it.
    tree.git('bisect', 'reset');
    for (const command of ['status', 'config']) expect((await tree.bisect(command)).stdout).toContain(found);
    expect((await tree.bisect('report')).stdout).toMatch(/git bisect log:\n(?: {2}.*\n)+ {2}# first bad commit: \[/);
  });

  it('that took a verdict back opens the commit again', async () => {
    await tree.bisect('good');
    const log = tree.git('bisect', 'log');
    const wrong = tree.head;
    await tree.bisect('bad');
    writeFileSync(join(tree.folder, 'edited'), `${log}\n`);
    tree.git('bisect', 'replay', '../edited');
    expect(tree.head).toBe(wrong);
    const { stdout, stderr } = await tree.bisect('status');
    expect(stderr).toContain(`taken over: ${name(wrong)} open`);
    expect(readable(stdout)).toMatch(RegExp(`… +${name(wrong)}`));
    expect((await tree.bisect('config')).stderr).toContain('taken over');
    // A config that is made once more takes no verdict back.
    tree.git('checkout', '--quiet', tree.commits[4]!);
    await tree.bisect('config');
    expect((await tree.bisect('status')).stdout).toMatch(RegExp(`good +${name(tree.commits[4]!)}`));
  });

  it('does not make a verdict count that no history fits', async () => {
    const log = tree.git('bisect', 'log');
    for (const [commit, verdict, why] of [
      [tree.commits.at(-1)!, 'good', 'cannot be good: it was found to be bad'],
      [tree.commits[0]!, 'bad', 'cannot be bad: it was found to be good'],
    ] as const) {
      tree.git('checkout', '--quiet', commit);
      const refused = await tree.bisect(verdict);
      expect(refused).toMatchObject({ status: 2, stdout: '' });
      expect(refused.stderr).toContain(why);
      expect(tree.git('bisect', 'log')).toBe(log);
    }
  });

  it('that ended it can be taken back by what is stored', async () => {
    await tree.bisect('good');
    const log = tree.git('bisect', 'log');
    const { head } = tree;
    tree.git('bisect', 'reset');
    const refused = await tree.bisect('good');
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    const [, replay] = /git bisect was ended by hand\. To go on: git bisect replay (\S+);/.exec(refused.stderr) ?? [];
    const status = await tree.bisect('status');
    expect(status.stderr).toContain('note: git bisect was ended by hand.');
    expect(status.stdout).toMatch(RegExp(`good +${name(tree.commits[4]!)}`));
    const { stdout } = await tree.bisect('report');
    expect(stdout).toContain(`git bisect log:\n${log.replace(/^/gm, '  ')}\n`);
    tree.git('bisect', 'replay', replay!);
    expect(tree.head).toBe(head);
    expect(await tree.bisect('config')).toMatchObject({ status: 0, stderr: '' });
  });

  it('that ended it leaves a reset to be done', async () => {
    tree.git('bisect', 'reset');
    expect(await tree.bisect('good')).toMatchObject({ status: 2 });
    expect((await tree.bisect('reset')).status).toBe(0);
    expect(await tree.start()).toMatchObject({ status: 0 });
  });
});

describe('git bisect that was begun by hand', () => {
  beforeEach(async () => {
    tree.grow(8);
    await tree.start();
  });

  it('counts once it has both ends', async () => {
    tree.git('bisect', 'start', tree.commits.at(-1)!);
    expect((await tree.bisect('config')).stdout).toContain('the known bad end');
    expect(tree.head).toBe(tree.commits.at(-1));
    tree.git('bisect', 'good', tree.commits[0]!);
    const { head } = tree;
    expect((await tree.bisect('status')).stderr).toContain('git bisect was used by hand');
    expect((await tree.bisect('config')).stdout).toContain('step 1 of about 3');
    expect(tree.head).toBe(head);
  });

  it('gets what it lacks from here', async () => {
    tree.git('bisect', 'start');
    await tree.bisect('bad');
    expect((await tree.bisect('good')).stdout).toContain('step 1 of about 3');
    expect(tree.git('bisect', 'log')).toContain(`git bisect bad ${tree.commits.at(-1)}`);
    expect(tree.commits.indexOf(tree.head)).toBe(4);
  });
});

describe('a git bisect that was killed', () => {
  beforeEach(async () => {
    tree.grow(8);
    await tree.start('--trust-ends');
  });

  it('between a verdict and its checkout goes on with the next commit', async () => {
    const tested = tree.head;
    tree.git('update-ref', `refs/bisect/good-${tested}`, tested);
    appendFileSync(join(tree.path, '.git/BISECT_LOG'), `git bisect good ${tested}\n`);
    expect((await tree.bisect('config')).stdout).toContain('step 2 of about 3');
    expect(tree.commits.indexOf(tree.head)).toBe(6);
    expect(await tree.bisect('config')).toMatchObject({ status: 0, stderr: '' });
  });

  describe('in the middle of its checkout', () => {
    let next: string;

    /** Leaves what git does before it moves HEAD: files are gone, written by half or as a whole, and others are new. */
    beforeEach(async () => {
      await tree.bisect('reset');
      tree.edit('lib/Kconfig', (text) => `${text}# one\n`);
      tree.edit('lib/Makefile', (text) => `${text}# a longer line than before\n`);
      tree.edit('init/Kconfig', (text) => `${text}# three\n`);
      writeFileSync(join(tree.path, 'lib/new-Ä.c'), 'int fresh;\n');
      tree.git('add', 'lib/new-Ä.c');
      tree.commit('changes files');
      next = tree.head;
      tree.grow(1);
      await tree.bisect('start', 'main~3', 'main', '-c', '../config', '-l', '../lsmod.txt', '--trust-ends');
      const good = tree.git('rev-parse', 'main~2');
      tree.git('checkout', '--quiet', good);
      tree.git('update-ref', `refs/bisect/good-${good}`, good);
      appendFileSync(join(tree.path, '.git/BISECT_LOG'), `git bisect good ${good}\n`);
      writeFileSync(join(tree.path, '.git/BISECT_EXPECTED_REV'), `${next}\n`);
      const there = (path: string): string => `${tree.git('show', `${next}:${path}`)}\n`;
      writeFileSync(join(tree.path, 'lib/Kconfig'), there('lib/Kconfig'));
      writeFileSync(join(tree.path, 'lib/Makefile'), there('lib/Makefile').slice(0, -9));
      rmSync(join(tree.path, 'init/Kconfig'));
      writeFileSync(join(tree.path, 'lib/new-Ä.c'), 'int fre');
      writeFileSync(join(tree.path, '.git/index.lock'), '');
    });

    const changed = (): string => tree.git('status', '--porcelain', '--', ':!Kbuild', ':!.config');

    it('checks that commit out, and lets what was changed by hand be', async () => {
      appendFileSync(join(tree.path, 'Kbuild'), '# changed\n');
      const status = await tree.bisect('status');
      expect(status.stderr).toContain('was interrupted: the next command here does it again');
      expect(changed()).not.toBe('');
      const { status: code, stderr } = await tree.bisect('config');
      expect({ code, head: tree.head, changed: changed() }).toEqual({ code: 0, head: next, changed: '' });
      expect(stderr).toContain('Kbuild in the checkout is changed');
      expect(readFileSync(join(tree.path, 'Kbuild'), 'utf8')).toContain('# changed\n');
    });

    it('can be reset', async () => {
      expect((await tree.bisect('reset')).status).toBe(0);
      expect(tree.git('symbolic-ref', '--short', 'HEAD')).toBe('main');
      expect(changed()).toBe('');
    });

    it('waits for a git that is alive', async () => {
      const lock = openSync(join(tree.path, '.git/index.lock'), 'r');
      try {
        expect(await tree.bisect('config')).toMatchObject({
          status: 2,
          stderr: expect.stringContaining('still at work'),
        });
      } finally {
        closeSync(lock);
      }
      expect((await tree.bisect('config')).status).toBe(0);
      expect(tree.head).toBe(next);
    });
  });

  it('before it checked anything out begins with the first commit', async () => {
    const first = tree.head;
    tree.git('checkout', '--quiet', tree.commits[0]!);
    rmSync(join(tree.path, '.git/BISECT_EXPECTED_REV'));
    expect((await tree.bisect('config')).stdout).toContain('step 1 of about 3');
    expect(tree.head).toBe(first);
  });
});

it('what people are called, and where the tree is, may be in any letters', async () => {
  const folder = join(tree.folder, 'Märkte und Ämter');
  mkdirSync(folder);
  cpSync(tree.path, join(folder, 'tree'), { recursive: true });
  cpSync(join(tree.folder, 'config'), join(folder, 'config'));
  cpSync(join(tree.folder, 'lsmod.txt'), join(folder, 'lsmod.txt'));
  const other = new BisectTree(folder);
  other.git('commit', '--quiet', '--allow-empty', '--author', 'Łukasz Żółty <l@example.org>', '-m', 'für – alle');
  other.commits.push(other.head);
  const started = await other.start('--trust-ends');
  expect(readable(started.stdout)).toContain('("für – alle")');
  expect(existsSync(join(other.path, '.git/kconfig-trim-bisect/state.json'))).toBe(true);
  const report = readable((await other.bisect('report')).stdout);
  expect(report).toContain('Author: Łukasz Żółty <l@example.org>');
  expect(report).toMatch(/# first bad commit: \[\w+\] für – alle/);
  expect(report).toContain(join(other.path, '.git/kconfig-trim-bisect/base.config'));
  other.git('bisect', 'reset');
  expect(readable((await other.bisect('report')).stdout)).toBe(report);
});

describe('nothing is started', () => {
  beforeEach(() => tree.grow(2));

  const refused = async (words: readonly string[], message: string | RegExp): Promise<void> => {
    const head = tree.head;
    const { status, stdout, stderr } = await tree.bisect(...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(tree.head).toBe(head);
    expect(tree.git('symbolic-ref', '--short', 'HEAD')).toBe('main');
    expect(existsSync(join(tree.path, '.git/kconfig-trim-bisect/state.json'))).toBe(false);
  };
  const given = ['-c', '../config', '-l', '../lsmod.txt'];

  it.each([
    ['for a commit that is not there', ['start', 'v9.9', 'main'], 'v9.9: git knows no such commit here'],
    ['for one commit', ['start', 'main', 'HEAD'], 'are the same commit'],
    ['for ends in the wrong order', ['start', 'main', 'main~1'], 'name the good one first'],
    ['without programs', ['start', 'main~1', 'main', '--no-exec'], '--no-exec forbids'],
    ['for an option in the place of a commit', ['start', '--', '--all', 'main'], 'git knows no such commit'],
  ])('%s', (_name, words, message) => refused([...words, ...(words.includes('--') ? [] : given)], message));

  it('with a listing that is none', async () => {
    await refused(['start', 'main~1', 'main', '-c', '../config', '-l', 'Makefile'], 'this is no listing of modules');
  });

  it('with a listing that LSMOD names and that is not there', async () => {
    const gone = join(tree.folder, 'gone');
    tree.env = { LSMOD: gone };
    await refused(['start', 'main~1', 'main', '-c', '../config'], `error: LSMOD: ${gone}: cannot be read`);
  });

  it('with a listing of another tree, by the name that it was given', async () => {
    writeFileSync(join(tree.folder, 'other.txt'), 'hobbit 16384 0\nbaggins 16384 0\n');
    await refused(
      ['start', 'main~1', 'main', '-c', '../config', '-l', '../other.txt'],
      'error: ../other.txt: of 2 names none fits this tree',
    );
  });

  it('with a config that is not there', async () => {
    await refused(['start', 'main~1', 'main', '-c', 'nosuch', '-l', '../lsmod.txt'], 'nosuch: cannot be read');
  });

  it('with a config that was trimmed for another machine', async () => {
    await run(['-C', tree.path, '-c', '../config', '--keep', 'zram', '-l', '/dev/null', '-o', '../trimmed'], {
      cwd: tree.path,
    });
    writeFileSync(join(tree.path, '.config'), '# mine\n');
    await refused(['start', 'main~1', 'main', '-c', '../trimmed', '-l', '../lsmod.txt'], 'it looks trimmed');
    expect(tree.config).toBe('# mine\n');
    expect(existsSync(join(tree.path, '.config.old'))).toBe(false);
  });

  it('in a checkout with changes', async () => {
    appendFileSync(join(tree.path, 'Kbuild'), '# changed\n');
    await refused(['start', 'main~1', 'main', ...given], /1 file of the checkout is changed \(Kbuild\)/);
  });

  it('beside a git bisect', async () => {
    tree.git('bisect', 'start');
    await refused(['start', 'main~1', 'main', ...given], 'git bisect reset');
  });

  it('outside of a checkout', async () => {
    const { status, stderr } = await run(['bisect', 'start', 'a', 'b', '-C', tree.folder]);
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('not the top of a git checkout'),
    });
    expect((await run(['bisect', 'status', '-C', '/nosuch'])).status).toBe(2);
  });

  it('twice', async () => {
    expect((await tree.start()).status).toBe(0);
    const again = await tree.start();
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('a bisection goes on here') });
  });
});

describe('a kernel that was built', () => {
  const release = '6.12.0-example-bisect-bad-end-g012345';

  beforeEach(async () => {
    tree.grow(2);
    await tree.start();
  });

  it('has to be there to be installed', async () => {
    expect(await tree.bisect('install')).toMatchObject({ status: 2, stderr: expect.stringContaining('bisect build') });
  });

  it('is installed by commands that are printed, and nothing else is removed', async () => {
    mkdirSync(join(tree.path, 'include/config'), { recursive: true });
    writeFileSync(join(tree.path, 'include/config/kernel.release'), `${release}\n`);
    writeFileSync(join(tree.path, 'vmlinux'), '');
    const { status, stdout } = await tree.bisect('install');
    expect(status).toBe(0);
    expect(stdout).toContain(`make -C ${tree.path} ARCH=x86 modules_install\n`);
    expect(stdout).toContain(`make -C ${tree.path} ARCH=x86 install\n`);
    expect(stdout).toContain(`release    ${release}: `);
    expect((await tree.bisect('bad')).status).toBe(0);
    // What was built is not the commit that is to be tested now.
    expect(await tree.bisect('install')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('of this commit'),
    });
    // Nobody has run the commands.
    expect((await tree.bisect('clean')).stdout).toBe('nothing    is left of kernels that were installed here\n');
  });
});

describe('what is stored', () => {
  const state = (): string => join(tree.path, '.git/kconfig-trim-bisect/state.json');

  it('is refused where it is damaged', async () => {
    tree.grow(2);
    await tree.start();
    for (const text of ['', '{', 'null', '{"format":9}', '{"format":1,"origin":3}']) {
      writeFileSync(state(), text);
      expect((await tree.bisect('good')).stderr).toContain('is damaged');
    }
  });

  it('belongs to one command at a time', async () => {
    tree.grow(2);
    await tree.start();
    const lock = join(tree.path, '.git/kconfig-trim-bisect/lock');
    expect(existsSync(lock)).toBe(false);
    writeFileSync(lock, String(process.ppid));
    expect(await tree.bisect('config')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('another kconfig-trim'),
    });
    // A process that has ended leaves nothing behind.
    const ended = execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' });
    writeFileSync(lock, ended.trim());
    expect((await tree.bisect('config')).status).toBe(0);
  });

  it('is of the checkout alone', async () => {
    tree.grow(2);
    mkdirSync(join(tree.folder, 'other'));
    tree.git('worktree', 'add', '--quiet', '../other/tree', 'HEAD~1');
    await tree.start();
    const other = await run(['bisect', 'status', '-C', join(tree.folder, 'other/tree')]);
    expect(other.stderr).toContain('no bisection goes on here');
    expect(readFileSync(state(), 'utf8')).toContain('"stage": "bad-end"');
  });
});
