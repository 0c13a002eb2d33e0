import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { NodeFileWriter } from '../../src/platform/write-file.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { buildWriter } from './build-writer.ts';

let dir = '';
let config = '';
const writer = new NodeFileWriter();
const isRoot = process.getuid?.() === 0;

beforeEach(() => {
  dir = temporaryFolder();
  config = join(dir, '.config');
});

function failure(run: () => unknown): InputError['diagnostic'] {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.diagnostic;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('what is written', () => {
  test('a new file: nothing to keep', () => {
    expect(writer.writeConfigAtomic(config, 'CONFIG_A=y\n')).toEqual({ changed: true, path: config, backup: null });
    expect(readFileSync(config, 'latin1')).toBe('CONFIG_A=y\n');
    expect(readdirSync(dir)).toEqual(['.config']);
    expect(statSync(config).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test('the file of before is kept', () => {
    writeFileSync(config, 'old\n');
    writeFileSync(`${config}.old`, 'older\n');
    expect(writer.writeConfigAtomic(config, 'new\n')).toEqual({ changed: true, path: config, backup: `${config}.old` });
    expect(readFileSync(config, 'latin1')).toBe('new\n');
    expect(readFileSync(`${config}.old`, 'latin1')).toBe('old\n');
    expect(readdirSync(dir)).toEqual(['.config', '.config.old']);
  });

  test('unless that is not wanted', () => {
    writeFileSync(config, 'old\n');
    expect(writer.writeConfigAtomic(config, 'new\n', false).backup).toBeNull();
    expect(readdirSync(dir)).toEqual(['.config']);
  });

  test('the same text: not touched, and the kept file neither', () => {
    writeFileSync(config, 'same\n');
    writeFileSync(`${config}.old`, 'older\n');
    const then = new Date('2001-02-03T04:05:06Z');
    utimesSync(config, then, then);
    const inode = statSync(config).ino;
    expect(writer.writeConfigAtomic(config, 'same\n')).toEqual({ changed: false, path: config, backup: null });
    expect(statSync(config).mtimeMs).toBe(then.getTime());
    expect(statSync(config).ino).toBe(inode);
    expect(readFileSync(`${config}.old`, 'latin1')).toBe('older\n');
  });

  test('byte for byte: bytes above 127, CRLF, more than one write takes', () => {
    const text = `CONFIG_A="\xff\xe9"\r\n${'x'.repeat(3_000_000)}`;
    writer.writeConfigAtomic(config, text);
    expect(readFileSync(config, 'latin1') === text).toBe(true);
  });

  test('permissions stay', () => {
    writeFileSync(config, 'old\n');
    chmodSync(config, 0o640);
    writer.writeConfigAtomic(config, 'new\n');
    expect(statSync(config).mode & 0o7777).toBe(0o640);
    expect(statSync(`${config}.old`).mode & 0o7777).toBe(0o640);
  });

  test.runIf(isRoot)('the owner stays', () => {
    writeFileSync(config, 'old\n');
    chownSync(config, 1234, 5678);
    writer.writeConfigAtomic(config, 'new\n');
    expect([statSync(config).uid, statSync(config).gid]).toEqual([1234, 5678]);
  });

  test('another name of the same file keeps the old text', () => {
    writeFileSync(config, 'old\n');
    linkSync(config, join(dir, 'copy'));
    writer.writeConfigAtomic(config, 'new\n');
    expect(readFileSync(join(dir, 'copy'), 'latin1')).toBe('old\n');
  });

  test('the kept file may be another name of the config itself', () => {
    writeFileSync(config, 'old\n');
    linkSync(config, `${config}.old`);
    writer.writeConfigAtomic(config, 'new\n');
    expect(readFileSync(`${config}.old`, 'latin1')).toBe('old\n');
    expect(readdirSync(dir)).toEqual(['.config', '.config.old']);
  });

  test('a device is written to, not replaced', () => {
    expect(writer.writeConfigAtomic('/dev/null', 'x')).toEqual({ changed: true, path: '/dev/null', backup: null });
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('an open file is written to, behind what it has, and nothing is stored beside its name', () => {
    writeFileSync(config, 'first\n');
    symlinkSync('/dev/fd', join(dir, 'fd'));
    const file = openSync(config, 'a');
    for (const path of [`/dev/fd/${file}`, `/proc/self/fd/${file}`, `/proc/${process.pid}/fd/${file}`]) {
      writer.requireWritable(path);
      expect(writer.writeConfigAtomic(path, `${path}\n`)).toEqual({ changed: true, path, backup: null });
    }
    closeSync(file);
    expect(readFileSync(config, 'latin1').split('\n')).toEqual([
      'first',
      expect.stringMatching(/^\/dev\/fd\/\d+$/),
      expect.stringMatching(/^\/proc\/self\//),
      expect.stringMatching(/^\/proc\/\d+\//),
      '',
    ]);
    expect(readdirSync(dir).sort()).toEqual(['.config', 'fd']);
  });

  test('a pipe is written to, also by who may write nowhere else', () => {
    const open = temporaryFolder();
    chmodSync(open, 0o755);
    const bundle = buildWriter(open);
    chmodSync(bundle, 0o644);
    const source = `import { NodeFileWriter } from ${JSON.stringify(bundle)};
      new NodeFileWriter().requireWritable('/dev/stdout');
      console.error(JSON.stringify(new NodeFileWriter().writeConfigAtomic('/dev/stdout', 'text\\n')));`;
    // Between processes of Node there are sockets, which have no name at all.
    const shell = '"$0" --input-type=module -e "$1" | cat';
    const nobody = isRoot ? { uid: 65534, gid: 65534 } : {};
    const options = { cwd: '/', encoding: 'utf8', ...nobody } as const;
    const { stdout, stderr } = spawnSync('sh', ['-c', shell, process.execPath, source], options);
    expect(stderr).toBe('{"changed":true,"path":"/dev/stdout","backup":null}\n');
    expect(stdout).toBe('text\n');
  });
});

describe('symbolic links', () => {
  test('are written through; the kept file is beside the link', () => {
    mkdirSync(join(dir, 'store'));
    writeFileSync(join(dir, 'store/real'), 'old\n');
    symlinkSync('store/real', join(dir, 'middle'));
    symlinkSync('middle', config);
    expect(writer.writeConfigAtomic(config, 'new\n')).toEqual({
      changed: true,
      path: join(dir, 'store/real'),
      backup: `${config}.old`,
    });
    expect(readlinkSync(config)).toBe('middle');
    expect(readFileSync(join(dir, 'store/real'), 'latin1')).toBe('new\n');
    expect(readFileSync(`${config}.old`, 'latin1')).toBe('old\n');
    expect(readdirSync(join(dir, 'store'))).toEqual(['real']);
  });

  test('to nothing yet: the file is made where the link points', () => {
    symlinkSync('later', config);
    expect(writer.writeConfigAtomic(config, 'new\n').path).toBe(join(dir, 'later'));
    expect(readFileSync(join(dir, 'later'), 'latin1')).toBe('new\n');
    expect(lstatSync(config).isSymbolicLink()).toBe(true);
  });

  test('in a circle', () => {
    symlinkSync('.config', config);
    expect(failure(() => writer.writeConfigAtomic(config, 'new\n')).code).toBe('write-link-loop');
  });
});

describe('what can not be written stays as it was', () => {
  test('a directory', () => {
    mkdirSync(config);
    expect(failure(() => writer.writeConfigAtomic(config, 'x'))).toMatchObject({
      code: 'write-is-directory',
      args: { path: config, error: 'EISDIR' },
    });
    expect(readdirSync(config)).toEqual([]);
  });

  test('no such directory', () => {
    const path = join(dir, 'none/.config');
    expect(failure(() => writer.writeConfigAtomic(path, 'x'))).toMatchObject({ code: 'write-no-directory' });
    expect(existsSync(join(dir, 'none'))).toBe(false);
  });

  test('a name that a directory does not take', () => {
    const path = '/proc/kconfig-trim';
    const expected = { code: 'write-failed', args: { path, error: 'ENOENT' } };
    expect(failure(() => writer.writeConfigAtomic(path, 'x'))).toMatchObject(expected);
    expect(failure(() => writer.append(path, 'x'))).toMatchObject(expected);
  });

  test('the kept name is a directory', () => {
    writeFileSync(config, 'old\n');
    mkdirSync(`${config}.old`);
    expect(failure(() => writer.writeConfigAtomic(config, 'new\n')).code).toMatch(/^write-/);
    expect(readFileSync(config, 'latin1')).toBe('old\n');
    expect(readdirSync(dir)).toEqual(['.config', '.config.old']);
  });
});

/** Runs a piece of code as another user, since root may write anywhere. */
function asNobody(source: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = isRoot ? { uid: 65534, gid: 65534 } : {};
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], { ...options, cwd: '/' });
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      out += data;
    });
    child.on('error', reject);
    child.on('close', () => resolve(out));
  });
}

describe('without permission', () => {
  test.each([
    ['a directory that may not be written', 0o555, 0o644],
    ['a file that may not be written', 0o777, 0o444],
  ])('%s', async (_, directoryMode, fileMode) => {
    const open = temporaryFolder();
    chmodSync(open, 0o755);
    const bundle = buildWriter(open);
    chmodSync(bundle, 0o644);
    const place = join(open, 'place');
    mkdirSync(place);
    const path = join(place, '.config');
    writeFileSync(path, 'old\n');
    chmodSync(path, fileMode);
    chmodSync(place, directoryMode);
    const said = await asNobody(`import { NodeFileWriter } from ${JSON.stringify(bundle)};
      try { new NodeFileWriter().writeConfigAtomic(${JSON.stringify(path)}, 'new'); console.log('written'); }
      catch (error) { console.log(error.name, error.diagnostic?.code, error.diagnostic?.args.error); }`);
    expect(said).toBe('InputError write-denied EACCES\n');
    expect(readFileSync(path, 'latin1')).toBe('old\n');
    expect(readdirSync(place)).toEqual(['.config']);
    chmodSync(place, 0o755);
  });
});

describe('what could be written', () => {
  test('a file that is there or not, a device, where a link points to', () => {
    writeFileSync(config, 'old\n');
    symlinkSync(join(dir, 'new'), join(dir, 'link'));
    for (const path of [config, join(dir, 'none'), join(dir, 'link'), '/dev/null']) writer.requireWritable(path);
    expect(readFileSync(config, 'latin1')).toBe('old\n');
    expect(readdirSync(dir).sort()).toEqual(['.config', 'link']);
  });

  test('is said with the error that writing would end with', () => {
    symlinkSync('loop', join(dir, 'loop'));
    writeFileSync(config, '');
    for (const path of [join(dir, 'none/file'), dir, join(config, 'file'), join(dir, 'loop')]) {
      const expected = failure(() => writer.writeConfigAtomic(path, ''));
      expect(failure(() => writer.requireWritable(path))).toEqual(expected);
    }
  });

  test.skipIf(isRoot)('not a file, nor a directory, that its owner has made read-only', () => {
    writeFileSync(config, '');
    chmodSync(config, 0o444);
    expect(failure(() => writer.requireWritable(config)).code).toBe('write-denied');
    chmodSync(dir, 0o555);
    expect(failure(() => writer.requireWritable(join(dir, 'new'))).code).toBe('write-denied');
    chmodSync(dir, 0o755);
  });
});
