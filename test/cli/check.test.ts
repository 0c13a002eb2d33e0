import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/check/types.ts';
import { REPOSITORY, type Run, run } from './run.ts';
import { Toolbox } from './toolbox.ts';
import { snapshot } from './unchanged.ts';

const fixture = join(REPOSITORY, 'fixtures/check');
const good = readFileSync(join(fixture, 'config'), 'latin1');

let scratch: string;
let tools: Toolbox;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'kconfig-trim-check-'));
  cpSync(fixture, scratch, { recursive: true });
  tools = new Toolbox();
});

/** A run in the scratch copy of the fixture, so that paths in the answers are short. */
const check = (args: readonly string[], env: Record<string, string> = {}): Run =>
  run(['check', '-C', 'tree', ...args], { cwd: scratch, env: { PATH: tools.path, ...env } });

interface Found extends Finding {
  readonly check: string;
  readonly message: string;
}

interface Answer {
  readonly schema: string;
  readonly sound: boolean;
  readonly counts: Record<string, number>;
  readonly checks: readonly { readonly name: string; readonly cases: number; readonly failed: number }[];
  readonly findings: readonly Found[];
}

const json = (done: Run): Answer => JSON.parse(done.stdout) as Answer;

const file = (name: string, text: string): string => {
  writeFileSync(join(scratch, name), text, 'latin1');
  return name;
};

/** The good config with a line replaced; every line must be there. */
const spoiled = (...changes: readonly (readonly [line: string, other: string])[]): string => {
  let text = good;
  for (const [line, other] of changes) {
    expect(text).toContain(`${line}\n`);
    text = text.replace(`${line}\n`, other === '' ? '' : `${other}\n`);
  }
  return file('spoiled', text);
};

/** What belongs to a spoiled config: how it was spoiled, and what has to be found. */
interface Spoiling {
  readonly args: readonly string[];
  readonly code: string;
  readonly name: string;
  /** Where: of the config's line, of the tree's, of the fragment's. */
  readonly at: string | null;
  readonly message: string;
  /** Lines below the message. */
  readonly details: readonly string[];
}

/** Columns are of no matter here. */
const narrow = (text: string): string => text.replace(/^ +/gm, '').replace(/ {2,}/g, '  ');

const lineOf = (text: string, line: string): number => text.split('\n').indexOf(line) + 1;
const atLine = (line: string): string => `spoiled:${lineOf(readFileSync(join(scratch, 'spoiled'), 'latin1'), line)}`;

const SPOILINGS: Readonly<Record<string, () => Spoiling>> = {
  'a required module that is off': () => {
    const config = spoiled(['CONFIG_KESTREL=m', '# CONFIG_KESTREL is not set'], ['CONFIG_KESTREL_DIVE=y', '']);
    return {
      args: ['-c', config, '-l', 'lsmod.txt'],
      code: 'module-off',
      name: 'kestrel',
      at: 'drivers/Makefile:3',
      message: 'module kestrel (drivers/kestrel) is not built',
      details: ['built if KESTREL=m: KESTREL is n  drivers/Makefile:3', 'on with: KESTREL=m'],
    };
  },
  'a required module whose dependency is off': () => {
    const hanging = ['CONFIG_HERON_LIB=m', 'CONFIG_VENDOR_HERON=y', 'CONFIG_HERON=m', 'CONFIG_HERON_VF=m'];
    const config = spoiled(['CONFIG_PCI=y', '# CONFIG_PCI is not set'], ...hanging.map((line) => [line, ''] as const));
    return {
      args: ['-c', config, '-l', 'lsmod.txt'],
      code: 'module-off',
      name: 'heron',
      at: 'drivers/heron/Makefile:2',
      message: 'module heron (drivers/heron/heron) is not built',
      details: [
        'built if HERON=m: HERON is n          drivers/heron/Makefile:2',
        'if VENDOR_HERON: VENDOR_HERON is n    drivers/heron/Kconfig:6',
        'on with: PCI=y VENDOR_HERON=y HERON=m',
      ],
    };
  },
  'a select that was dropped': () => {
    const config = spoiled(['CONFIG_STACK_CHECKS=y', '# CONFIG_STACK_CHECKS is not set']);
    return {
      args: ['-c', config],
      code: 'value-changed',
      name: 'OBJTOOL',
      at: atLine('CONFIG_OBJTOOL=y'),
      message: 'OBJTOOL=y: olddefconfig makes it n',
      details: ['STACK_CHECKS would select it: STACK_CHECKS is n  Kconfig:54'],
    };
  },
  'a value that olddefconfig would not keep': () => {
    const config = spoiled(['CONFIG_DEBUG_INFO=y', '# CONFIG_DEBUG_INFO is not set']);
    return {
      args: ['-c', config],
      code: 'value-changed',
      name: 'DEBUG_INFO_BTF',
      at: atLine('CONFIG_DEBUG_INFO_BTF=y'),
      message: 'DEBUG_INFO_BTF=y: olddefconfig makes it n',
      details: ['depends on DEBUG_INFO: DEBUG_INFO is n  Kconfig:46', 'on with: DEBUG_INFO=y'],
    };
  },
  'a symbol that is selected and set off': () => {
    const config = spoiled(['CONFIG_OBJTOOL=y', '# CONFIG_OBJTOOL is not set']);
    return {
      args: ['-c', config],
      code: 'value-changed',
      name: 'OBJTOOL',
      at: atLine('# CONFIG_OBJTOOL is not set'),
      message: 'OBJTOOL=n: olddefconfig makes it y',
      details: ['selected by STACK_CHECKS  Kconfig:54'],
    };
  },
  'a symbol that the tree does not have any more': () => {
    const config = spoiled(['CONFIG_PCI=y', 'CONFIG_PCI=y\nCONFIG_KESTRAL_DIVE=y']);
    return {
      args: ['-c', config],
      code: 'symbol-gone',
      name: 'KESTRAL_DIVE',
      at: atLine('CONFIG_KESTRAL_DIVE=y'),
      message: 'KESTRAL_DIVE=y: this tree has no such symbol; olddefconfig drops the line',
      details: ['by its name perhaps now KESTREL_DIVE  drivers/Kconfig:21'],
    };
  },
  'a symbol of another architecture': () => {
    const config = spoiled(['CONFIG_X86=y', 'CONFIG_X86=y\nCONFIG_ARM64_PAN=y']);
    return {
      args: ['-c', config],
      code: 'symbol-gone',
      name: 'ARM64_PAN',
      at: atLine('CONFIG_ARM64_PAN=y'),
      message: 'ARM64_PAN=y: this tree has no such symbol; olddefconfig drops the line',
      details: ['a symbol of another architecture  arch/arm64/Kconfig:5'],
    };
  },
  'an old name that is only read, with --strict': () => {
    const config = spoiled(['CONFIG_MITIGATION_GULL=y', 'CONFIG_MITIGATION_GULL=y\nCONFIG_GULL_MITIGATION=y']);
    return {
      args: ['-c', config, '--strict'],
      code: 'symbol-transitional',
      name: 'GULL_MITIGATION',
      at: atLine('CONFIG_GULL_MITIGATION=y'),
      message: 'GULL_MITIGATION=y: an old name that is only read; olddefconfig drops the line and sets its successor',
      details: ['now MITIGATION_GULL  drivers/Kconfig:11'],
    };
  },
  'a select against dependencies': () => {
    const config = spoiled(['CONFIG_SMP=y', '# CONFIG_SMP is not set']);
    return {
      args: ['-c', config],
      code: 'unmet-dependency',
      name: 'RING_BUFFER',
      at: atLine('CONFIG_RING_BUFFER=m'),
      message: 'RING_BUFFER=m: selected against its dependencies',
      details: ['selected by SPIN_TABLE  lib/Kconfig:11', 'depends on SMP: SMP is n  lib/Kconfig:7'],
    };
  },
  'a value of the wrong type': () => {
    const config = spoiled(['CONFIG_KESTREL_DIVE=y', 'CONFIG_KESTREL_DIVE=m']);
    return {
      args: ['-c', config],
      code: 'wrong-type',
      name: 'KESTREL_DIVE',
      at: atLine('CONFIG_KESTREL_DIVE=m'),
      message: 'KESTREL_DIVE=m: not a value for it (KESTREL_DIVE is a bool); olddefconfig makes it n',
      details: [],
    };
  },
  'a number out of range': () => {
    const config = spoiled(['CONFIG_LOG_BUF_SHIFT=17', 'CONFIG_LOG_BUF_SHIFT=30']);
    return {
      args: ['-c', config],
      code: 'out-of-range',
      name: 'LOG_BUF_SHIFT',
      at: atLine('CONFIG_LOG_BUF_SHIFT=30'),
      message: 'LOG_BUF_SHIFT=30: not within 12 to 25; olddefconfig makes it 25',
      details: [],
    };
  },
  'a symbol that is set twice': () => {
    const config = spoiled(['CONFIG_PCI=y', '# CONFIG_PCI is not set\nCONFIG_PCI=y']);
    return {
      args: ['-c', config],
      code: 'reassigned',
      name: 'PCI',
      at: atLine('CONFIG_PCI=y'),
      message: 'PCI=y: set more than once; the last line counts',
      details: [],
    };
  },
  'a line that is none of a config': () => {
    const config = spoiled(['CONFIG_PCI=y', '<<<<<<< HEAD\nCONFIG_PCI=y']);
    return {
      args: ['-c', config],
      code: 'line-unreadable',
      name: '<<<<<<< HEAD',
      at: atLine('<<<<<<< HEAD'),
      message: 'not a line of a config, conf passes over it: <<<<<<< HEAD',
      details: [],
    };
  },
  'a value that a fragment asks for and conf drops': () => ({
    args: ['-c', spoiled(['CONFIG_LOCALVERSION="-check"', 'CONFIG_LOCALVERSION="-other"']), '--fragment', 'ci.config'],
    code: 'request-not-held',
    name: 'LOCALVERSION',
    at: 'ci.config:5',
    message: 'LOCALVERSION="-check" is asked for; the config has "-other"',
    details: ['the config says LOCALVERSION="-other"  spoiled:11'],
  }),
  'a built-in that a fragment asks for and that can only be a module': () => ({
    args: ['-c', 'config', '--fragment', file('builtin.config', 'CONFIG_HERON_VF=y\n')],
    code: 'request-not-held',
    name: 'HERON_VF',
    at: 'builtin.config:1',
    message: 'HERON_VF=y is asked for; the config has m',
    details: ['depends on HERON: HERON is m  drivers/heron/Kconfig:14', 'on with: HERON=y HERON_VF=y'],
  }),
  'a symbol in a fragment that the tree does not have': () => ({
    args: ['-c', 'config', '--fragment', file('typo.config', '\nCONFIG_PUFIN=m\n')],
    code: 'request-unknown',
    name: 'PUFIN',
    at: 'typo.config:2',
    message: 'PUFIN=m is asked for; this tree has no such symbol',
    details: ['by its name perhaps now PUFFIN  drivers/Kconfig:25'],
  }),
  'a symbol to be kept that is off': () => ({
    args: ['-c', 'config', '--keep', 'PUFFIN'],
    code: 'keep-off',
    name: 'PUFFIN',
    at: 'drivers/Kconfig:25',
    message: 'PUFFIN is to be kept and is off',
    details: ['the config says PUFFIN=n  config:50', 'on with: PUFFIN=m'],
  }),
  'a word to be kept that is nothing': () => ({
    args: ['-c', 'config', '--keep', 'cormorant'],
    code: 'keep-unknown',
    name: 'cormorant',
    at: null,
    message: '--keep cormorant: no symbol, module or Kconfig directory of this tree',
    details: [],
  }),
  'a symbol that was on in the old config': () => {
    const config = spoiled(['CONFIG_KESTREL=m', '# CONFIG_KESTREL is not set'], ['CONFIG_KESTREL_DIVE=y', '']);
    return {
      args: ['-c', config, '--against', 'config'],
      code: 'turned-off',
      name: 'KESTREL',
      at: atLine('# CONFIG_KESTREL is not set'),
      message: 'KESTREL=m before, now n; 1 more went with it',
      details: ['on with: KESTREL=m'],
    };
  },
  'a directory of which something was on in the old config': () => {
    const config = spoiled(['CONFIG_HERON_VF=m', '# CONFIG_HERON_VF is not set']);
    return {
      args: ['-c', config, '--against', 'config', '--keep', 'drivers/heron'],
      code: 'keep-off',
      name: 'HERON_VF',
      at: 'drivers/heron/Kconfig:12',
      message: 'HERON_VF is to be kept and is off',
      details: ['the config says HERON_VF=n  spoiled:47', 'on with: HERON_VF=m'],
    };
  },
  'a built-in that became a module, with --strict': () => {
    const old = file('old', good.replace('CONFIG_KESTREL=m', 'CONFIG_KESTREL=y'));
    return {
      args: ['-c', 'config', '--against', old, '--strict'],
      code: 'made-module',
      name: 'KESTREL',
      at: `config:${lineOf(good, 'CONFIG_KESTREL=m')}`,
      message: 'KESTREL=y before, now m',
      details: ['on with: KESTREL=y'],
    };
  },
};

describe('a good config', () => {
  it('is sound, whatever is asked of it that it holds, and nothing is written', () => {
    const before = snapshot(scratch);
    const asked = ['-l', 'lsmod.txt', '--fragment', 'ci.config', '--keep', 'HERON:kestrel', '--against', 'config'];
    const done = check(['-c', 'config', '--strict', ...asked]);
    expect(done).toEqual({
      status: 0,
      stderr: '',
      stdout: `config       config for Linux 6.18.0-check, x86
lines        each is taken as it stands
fixpoint     olddefconfig would change nothing
dependencies no select breaks any
fragment     ci.config: 5 of 5 values are held
listing      lsmod.txt: 4 of 4 modules are built
keep         2 of 2 kept
against      config: nothing that was on is off
result       sound
`,
    });
    expect(snapshot(scratch)).toEqual(before);
  });

  it('is the .config of the build directory where none is named, and no other', () => {
    writeFileSync(join(scratch, 'tree/.config'), good, 'latin1');
    expect(check([]).stdout).toMatch(/^config {7}tree\/\.config for /);
    expect(check([], { KCONFIG_CONFIG: 'other' })).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('tree/other: cannot be read: there is no such file'),
    });
  });

  it('says nothing with -q', () => {
    expect(check(['-c', 'config', '-q'])).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe.each(Object.entries(SPOILINGS))('%s', (_, spoil) => {
  it('is found, with its place and reasons', () => {
    const { args, code, name, at, message, details } = spoil();
    const done = check([...args, '--json']);
    expect(done.status).toBe(1);
    const { findings, sound } = json(done);
    expect(sound).toBe(false);
    const found = findings.find((each) => each.code === code && each.subject.name === name);
    expect(found).toBeDefined();
    expect(found!.message).toBe(message);
    expect(found!.at && `${found!.at.file}:${found!.at.line}`).toBe(at);
    const text = check(args);
    expect(text.status).toBe(1);
    const place = at === null ? '' : `${at}: `;
    const block = [`${place}${found!.severity}: ${message}`, ...details];
    expect(narrow(text.stdout)).toContain(`${narrow(block.join('\n'))}\n`);
    expect(text.stdout).toMatch(/\nresult {7}not sound: /);
  });
});

describe('what is no error', () => {
  it('symbols without a line are named together, and fail with --strict', () => {
    const config = spoiled(['# CONFIG_PUFFIN is not set', ''], ['CONFIG_LOG_BUF_SHIFT=17', '']);
    const done = check(['-c', config]);
    expect(done.status).toBe(0);
    expect(done.stdout).toContain(
      'warning: 2 symbols have no line; olddefconfig gives them their defaults: LOG_BUF_SHIFT, PUFFIN\n',
    );
    expect(done.stdout).toContain('\nresult       sound: 2 warnings\n');
    expect(check(['-c', config, '--strict']).status).toBe(1);
    expect(check(['-c', config, '-v']).stdout).toContain(
      'Kconfig:36: warning: LOG_BUF_SHIFT has no line; olddefconfig makes it 17\n',
    );
  });

  it('values that follow another toolchain are notes', () => {
    const config = spoiled(['CONFIG_CC_VERSION_TEXT="gcc (Check) 12.2.0"', 'CONFIG_CC_VERSION_TEXT="gcc 9"']);
    const done = check(['-c', config, '--strict']);
    expect(done.status).toBe(0);
    expect(done.stdout).toContain(
      `${atLine('CONFIG_CC_VERSION_TEXT="gcc 9"')}: note: CC_VERSION_TEXT="gcc 9": with the toolchain here it is "gcc (Check) 12.2.0"\n`,
    );
  });

  it('what hangs on another toolchain and was asked for is an error all the same', () => {
    tools = new Toolbox({ pahole: null });
    const done = check(['-c', 'config']);
    tools = new Toolbox();
    expect(done.status).toBe(1);
    expect(done.stdout).toContain(
      'error: DEBUG_INFO_BTF=y: olddefconfig makes it n\n    depends on PAHOLE_VERSION>=122',
    );
    expect(done.stdout).toContain('note: PAHOLE_VERSION=125: with the toolchain here it is 0\n');
  });

  it('modules from outside the tree are a warning, those that the listing marks a note', () => {
    const listing = file('proc', 'heron 139264 1 - Live 0x0\nwren 1 0 - Live 0x0 (OE)\n');
    const marked = check(['-c', 'config', '-l', listing, '--strict']);
    expect(marked.status).toBe(0);
    expect(marked.stdout).toContain(
      'note: loaded module wren was built outside the tree; build it for this kernel too',
    );
    expect(marked.stdout).toContain('listing      proc: 1 of 1 modules are built, 1 not of this tree\n');
    const plain = file('plain', 'heron\nwren\n');
    expect(check(['-c', 'config', '-l', plain]).status).toBe(0);
    expect(check(['-c', 'config', '-l', plain, '--strict']).status).toBe(1);
  });

  it('of several fragments the last one counts; lines that merge_config.sh passes over are told', () => {
    const first = file('first.config', 'CONFIG_HERON=y\n CONFIG_PUFFIN=m\n# CONFIG_PUFFIN=m\n');
    const second = file('second.config', 'CONFIG_HERON=m\n');
    const done = check(['-c', 'config', '--fragment', first, '--fragment', second]);
    expect(done.status).toBe(0);
    expect(done.stdout).toContain('first.config:1: note: HERON=y is set to m later, at second.config:1\n');
    expect(done.stdout).toContain(
      'first.config:2: warning: looks like a value, but merge_config.sh would not take it: CONFIG_PUFFIN=m\n',
    );
    expect(done.stdout).toContain('fragment     first.config: 0 of 0 values are held\n');
    expect(check(['-c', 'config', '--fragment', second, '--fragment', first]).status).toBe(1);
  });

  it('a symbol that is off and gone, or cannot be seen, only makes a line too many', () => {
    const config = spoiled(['CONFIG_PCI=y', 'CONFIG_PCI=y\n# CONFIG_AUK is not set']);
    expect(check(['-c', config])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('warning: AUK=n: this tree has no such symbol'),
    });
  });

  it('a directory to keep needs an old config', () => {
    expect(check(['-c', 'config', '--keep', 'drivers/heron', '--strict'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('note: --keep drivers/heron: a directory stands for what is on in an old config'),
    });
  });
});

describe('README', () => {
  it('shows what is printed', () => {
    const readme = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
    const shown = /<!-- output of kconfig-trim (check .*) -->\n\n```\n([^`]*)```\n/.exec(readme);
    expect(shown).not.toBeNull();
    expect(run(shown![1]!.split(' '))).toEqual({ status: 1, stdout: shown![2], stderr: '' });
  });
});

describe('what cannot be run', () => {
  it.each([
    [
      'a fragment that is not there',
      ['--fragment', 'none.config'],
      'none.config: cannot be read: there is no such file',
    ],
    ['an old config that is not there', ['--against', 'none'], 'none: cannot be read: there is no such file'],
    ['a listing that is not there', ['-l', 'none.txt'], 'none.txt: cannot be read'],
  ])('%s ends with status 2', (_, args, message) => {
    expect(check(['-c', 'config', ...args])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });
});

describe('the form', () => {
  it('has the keys that the README documents', () => {
    const answer = json(check([...SPOILINGS['a required module that is off']!().args, '--json']));
    expect(Object.keys(answer)).toEqual([
      ...['schema', 'tree', 'config', 'sound', 'counts', 'checks', 'findings', 'warnings'],
    ]);
    expect(answer.schema).toBe('kconfig-trim/check-1');
    expect(answer.counts).toEqual({ error: 1, warning: 0, info: 0 });
    expect(answer.checks.map(({ name, cases, failed }) => [name, cases, failed])).toEqual([
      ['config', 0, 0],
      ['fixpoint', 0, 0],
      ['dependencies', 0, 0],
      ['listings', 4, 1],
    ]);
    expect(Object.keys(answer.findings[0]!)).toEqual([
      ...['check', 'source', 'at', 'wanted', 'held', 'setBy', 'blockers', 'remedy', 'successors', 'args'],
      ...['code', 'severity', 'subject', 'message'],
    ]);
  });
});
