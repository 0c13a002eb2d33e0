import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { NodeCommandRunner, NodeFileSystem } from '../../src/platform/node.ts';
import { Scope } from '../../src/platform/scope.ts';
import { shortageOf, throwIfCannotFork } from '../../src/platform/shortage.ts';

const failure = (code: string): Error => Object.assign(new Error(code), { code });

describe('a machine that has no more of something', () => {
  it('is told apart from what is not there', () => {
    for (const code of ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN']) {
      expect(shortageOf(failure(code))?.diagnostic).toMatchObject({
        code: 'machine-exhausted',
        args: { reason: code },
      });
    }
    for (const error of [failure('ENOENT'), failure('EACCES'), undefined]) expect(shortageOf(error)).toBeNull();
  });

  it('is known by what programs say that cannot start others', () => {
    for (const text of [
      'sh: 1: Cannot fork\n',
      'gcc: fatal error: cannot execute cc1: vfork: Resource temporarily unavailable\n',
      'bash: fork: Cannot allocate memory\n',
    ]) {
      expect(() => throwIfCannotFork(text)).toThrow(InputError);
    }
    for (const text of ['', 'cat: a fork: No such file or directory\n', 'cannot fork it\n']) throwIfCannotFork(text);
  });

  it('is an error of reading files, where a missing file is none', () => {
    const refuse = (): never => {
      throw failure('EMFILE');
    };
    const nowhere = { ...missing(), openSync: refuse, readdirSync: refuse };
    const files = new NodeFileSystem(nowhere);
    for (const read of [
      () => files.readText('/a'),
      () => files.readBytes('/a', 1),
      () => files.readHead('/a', 1),
      () => files.readDirectory('/'),
      () => files.lookAt('/a', () => true),
    ]) {
      expect(read).toThrow('machine-exhausted');
    }
    expect(new NodeFileSystem(missing()).readText('/a')).toBeNull();
  });

  it('is an error of running programs', () => {
    const runner = new NodeCommandRunner(new Scope());
    expect(() => runner.run('/bin/sh', ['-c', 'echo "sh: 1: Cannot fork" >&2; exit 2'])).toThrow('machine-exhausted');
    expect(runner.run('/no/such/program', [])).toMatchObject({ status: null, stdout: '' });
  });
});

/** The functions of `node:fs` over nothing at all. */
function missing() {
  const refuse = (): never => {
    throw failure('ENOENT');
  };
  return {
    readFileSync: refuse,
    openSync: refuse,
    readSync: refuse,
    closeSync: () => undefined,
    fstatSync: refuse,
    existsSync: () => false,
    readdirSync: refuse,
    realpathSync: refuse,
    statSync: () => undefined,
  };
}
