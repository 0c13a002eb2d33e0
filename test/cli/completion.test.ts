import { existsSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { CHECK_NAMES } from '../../src/check/types.ts';
import { newCommandLine } from '../../src/cli/command-line.ts';
import { completionAt, type NamesOf, VALUES } from '../../src/cli/completion/completion.ts';
import { visibleCommands } from '../../src/cli/help/help.ts';
import { FORMATS } from '../../src/cli/report-formats.ts';
import { CONF_TARGETS } from '../../src/dotconfig/targets.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { copyExample, run } from './run.ts';

const program = newCommandLine(
  [],
  async () => undefined,
  () => undefined,
);
const all = (command: Command): Command[] => [command, ...visibleCommands(command).flatMap(all)];

const NAMES = {
  symbols: ['USB', 'USB_HID', 'EXT4_FS', '$(reboot)'],
  arches: ['arm64', 'x86'],
  revisions: ['v6.11', 'v6.12', 'origin/master', 'x;reboot'],
  modules: ['usbhid', 'ext4', '`reboot`', 'a b', 'x;reboot', '-rf', 'x$(reboot)', "y'", 'z\u0007'],
};
const namesOf: NamesOf = (kind) => NAMES[kind];

const completed = (...words: string[]) => completionAt(program, words, namesOf);
const wordsAt = (...words: string[]): string[] => completed(...words).candidates.map(({ word }) => word);

describe('what may stand at the end of a command line', () => {
  it('is known for every value that the help names', () => {
    for (const command of all(program)) {
      const values = command.options.flatMap(({ flags }) => /[<[]([^>\]]+)/.exec(flags)?.[1] ?? []);
      const args = command.registeredArguments.filter(({ argChoices }) => !argChoices).map((each) => each.name());
      expect([command.name(), [...values, ...args].filter((name) => !(name in VALUES))]).toEqual([command.name(), []]);
    }
  });

  it('is a command, or one below it', () => {
    expect(wordsAt('')).toEqual(visibleCommands(program).map((command) => command.name()));
    expect(wordsAt('--lean', '')).toContain('check');
    expect(wordsAt('bisect', '')).toEqual(expect.arrayContaining(['start', 'good', 'help']));
    expect(wordsAt('help', 'bisect', '')).toEqual(wordsAt('bisect', ''));
    expect(wordsAt('help', '')).toEqual(wordsAt(''));
    expect(wordsAt('help', 'nope', '')).toEqual([]);
    expect(wordsAt('')).not.toContain('complete');
  });

  it('is an option of the command, with what it is for', () => {
    const options = completed('map', '--').candidates;
    expect(options).toContainEqual({ word: '--tree', meaning: expect.stringContaining('kernel source tree') });
    expect(wordsAt('--')).toEqual(expect.arrayContaining(['--dry-run', '--lsmod', '--help']));
    expect(wordsAt('-C', 'linux', 'check', '-')).toContain('--baseline');
    expect(wordsAt('bisect', 'start', '--')).toContain('--trust-ends');
  });

  it('is a value from where these are defined', () => {
    expect(wordsAt('conf', '')).toEqual([...CONF_TARGETS, 'merge']);
    expect(wordsAt('check', '--format', '')).toEqual([...FORMATS]);
    expect(wordsAt('check', '--skip', '')).toEqual([...CHECK_NAMES]);
    const [first, ...others] = CHECK_NAMES;
    expect(wordsAt('check', `--skip=${first},`)).toEqual(others.map((name) => `${first},${name}`));
    expect(wordsAt('check', '--skip', `${first},${others[0]},x`)).toHaveLength(CHECK_NAMES.length - 2);
    expect(completed('check', '--severity', '')).toMatchObject({ open: true });
    expect(wordsAt('check', '--severity', '')).toEqual(CHECK_NAMES.map((name) => `${name}=`));
    expect(wordsAt('check', '--severity', 'files=')).toEqual(['error', 'warning', 'note', 'off']);
    expect(wordsAt('--deep=')).toEqual(['bold']);
    expect(wordsAt('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(wordsAt('--set', 'USB=')).toEqual(['y', 'm', 'n']);
  });

  it('is a name of the tree that begins so', () => {
    expect(wordsAt('why', 'US')).toEqual(['USB', 'USB_HID']);
    expect(wordsAt('why', 'CONFIG_US')).toEqual(['CONFIG_USB', 'CONFIG_USB_HID']);
    expect(wordsAt('map', 'ext4', 'us')).toEqual(['usbhid']);
    expect(wordsAt('--arch', '')).toEqual(['arm64', 'x86']);
    expect(wordsAt('bisect', 'start', 'v6')).toEqual(['v6.11', 'v6.12']);
    expect(wordsAt('bisect', 'start', 'v6.11', '')).toEqual(['origin/master', 'v6.11', 'v6.12']);
    expect(wordsAt('bisect', 'start', 'v6.11', 'v6.12', '')).toEqual([]);
    expect(wordsAt('--set', 'EXT')).toEqual(['EXT4_FS=']);
    expect(completed('--keep=us')).toMatchObject({ behind: true, candidates: [{ word: 'usbhid' }] });
    // As bash splits it.
    expect(completed('--keep', '=', 'us')).toEqual(completed('--keep=us'));
  });

  it('is no name that could mean anything to a shell', () => {
    expect(wordsAt('why', '')).toEqual(['EXT4_FS', 'USB', 'USB_HID', 'ext4', 'usbhid']);
    expect(wordsAt('map', '')).toEqual(['ext4', 'usbhid']);
  });

  it('asks for the names of the tree that the line means', () => {
    const asked: unknown[] = [];
    const ask = (...words: string[]) =>
      completionAt(program, words, (kind, tree) => {
        asked.push([kind, tree]);
        return [];
      });
    ask('-C', '~/linux', 'why', '--arch=arm64', 'x');
    ask('map', 'x');
    expect(asked).toEqual([
      ['symbols', { tree: '~/linux', arch: 'arm64' }],
      ['modules', { tree: '~/linux', arch: 'arm64' }],
      ['modules', {}],
    ]);
  });

  it.each([
    [['--lsmod', ''], 'files', false],
    [['--lsmod=a'], 'files', true],
    [['estimate', 'a'], 'files', false],
    [['check', '--format', 'junit=r'], 'files', true],
    [['build', '--', '-'], 'files', false],
    [['bisect', 'run', ''], 'files', false],
    [['--tree', ''], 'directories', false],
  ])('%j: the shell knows it', (words, kind, behind) => {
    expect(completed(...words)).toMatchObject({ kind, behind, candidates: [] });
  });

  it.each([[['why', 'a', '']], [['--reference', '']], [['objects', '']], [['nope', '']], [[]]])(
    '%j: nothing, or what begins a line',
    (words) => {
      const found = wordsAt(...words);
      expect(words.length === 0 ? found.includes('trim') : found.length === 0).toBe(true);
    },
  );
});

describe('a shell that asks', () => {
  it('gets no name where none is cached, and no tree is read for it', async () => {
    const cache = join(temporaryFolder(), 'none');
    const asked = { cwd: join(copyExample(), 'tree'), env: { XDG_CACHE_HOME: cache } };
    expect(await run(['complete', '--', 'why', 'ZR'], asked)).toEqual({ status: 0, stdout: 'words\n', stderr: '' });
    expect(existsSync(cache)).toBe(false);
    expect(await run(['complete', '--', '--tree', '/none', 'why', ''], asked)).toMatchObject({ stdout: 'words\n' });
  });

  it('gets the names that a run has cached, of the architecture that is meant', async () => {
    const tree = join(copyExample(), 'tree');
    const env = { XDG_CACHE_HOME: temporaryFolder() };
    const ask = async (...words: string[]) => (await run(['complete', '--', ...words], { cwd: tree, env })).stdout;
    expect(await run(['map', '--no-exec'], { cwd: tree, env })).toMatchObject({ status: 0 });
    expect(await ask('map', 'zr')).toBe('words\nzram\n');
    expect(await ask('why', 'ZR')).toBe('words\nZRAM\n');
    expect(await ask('why', '--arch', 'x86_64', 'ZR')).toBe('words\nZRAM\n');
    expect(await ask('why', '--arch', 'arm64', 'ZR')).toBe('words\n');
  });

  it('gets those of another architecture where no run was for its own', async () => {
    const tree = join(copyExample(), 'tree');
    const env = { XDG_CACHE_HOME: temporaryFolder(), ARCH: '' };
    const ask = async (...words: string[]) => (await run(['complete', '--', ...words], { cwd: tree, env })).stdout;
    expect(await run(['map', '--no-exec', '--arch', 'x86'], { cwd: tree, env })).toMatchObject({ status: 0 });
    expect(await ask('map', 'zr')).toBe('words\nzram\n');
    expect(await ask('map', '--arch', 'arm64', 'zr')).toBe('words\n');
  });

  it.each(['map', 'trim', 'why'])(
    'gets names again that were damaged or deleted, once %s has read the tree',
    async (name) => {
      const example = copyExample();
      const tree = join(example, 'tree');
      const env = { XDG_CACHE_HOME: temporaryFolder() };
      const folder = join(env.XDG_CACHE_HOME, 'kconfig-trim');
      const words = { map: ['map'], trim: ['trim', '--dry-run'], why: ['why', 'zram'] }[name]!;
      const config = ['-c', join(example, 'config'), ...(name === 'map' ? [] : ['-l', join(example, 'lsmod.txt')])];
      const read = () => run([...words, ...config], { cwd: tree, env });
      const ask = async (...asked: string[]) => (await run(['complete', '--', ...asked], { cwd: tree, env })).stdout;
      const lists = () => readdirSync(folder).filter((file) => file.startsWith('names-of-'));
      await read();
      const all = lists();
      for (const spoil of [(file: string) => truncateSync(file, 100), rmSync]) {
        for (const file of lists()) spoil(join(folder, file));
        expect(await ask('map', 'zr')).toBe('words\n');
        await read();
        expect(lists()).toEqual(all);
        expect(await ask('map', 'zr')).toBe('words\nzram\n');
        expect(await ask('why', 'ZR')).toBe('words\nZRAM\n');
      }
    },
  );

  it('gets its script, or the shells that there are', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { status, stdout } = await run(['completion', shell]);
      expect(status).toBe(0);
      expect(stdout).toContain('kconfig-trim complete -- ');
      expect(stdout).not.toMatch(/compgen|eval/);
    }
    expect(await run(['completion', 'tcsh'])).toEqual({
      status: 2,
      stdout: '',
      stderr:
        "kconfig-trim: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.\n",
    });
  });
});
