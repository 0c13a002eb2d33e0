/**
 * `check` on real kernels: Debian's configs and trims of them are sound, what is spoiled is found, and what it says of
 * the fixpoint and of dependencies is what the kernel's conf does and says.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/check/check.ts';
import { NEEDS } from '../../src/check/preflight/needs.ts';
import { CHECK_NAMES, type Finding } from '../../src/check/types.ts';
import { dotConfigValues, scanDotConfig } from '../../src/dotconfig/scan.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { runConf } from './conf-judge.ts';
import { describeKernels } from './describe-kernels.ts';
import { engineTree } from './engine.ts';
import { type Kernel, REPOSITORY } from './kernels.ts';
import { LISTINGS } from './real-listings.ts';
import { damage, random, sampleSeed } from './sampling.ts';
import { olddefconfig, X86 } from './trim-judge.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Damaged configs of each kernel that conf is asked about. */
const DAMAGED = FULL ? 100 : 3;

interface Answer {
  readonly sound: boolean;
  readonly counts: { readonly error: number; readonly warning: number };
  readonly findings: readonly (Finding & { readonly check: string; readonly message: string })[];
}

interface Done<Json> {
  readonly status: number | null;
  readonly json: Json;
}

function ours<Json>(kernel: Kernel, args: readonly string[]): Done<Json> {
  const [command, ...rest] = args;
  const program = join(REPOSITORY, 'bin/kconfig-trim.js');
  const { PATH = '', HOME = '/' } = process.env;
  const done = spawnSync(process.execPath, [program, command!, '-C', kernel.tree, '--arch', 'x86', '--json', ...rest], {
    encoding: 'latin1',
    maxBuffer: 2 ** 28,
    env: { PATH, HOME },
  });
  return { status: done.status, json: JSON.parse(done.stdout) as Json };
}

const check = (kernel: Kernel, ...args: readonly string[]): Done<Answer> =>
  ours(kernel, ['check', '--skip', 'tools', ...args]);

describeKernels('check on a real kernel', (found) => {
  const seed = sampleSeed();
  const draw = random(seed);
  const newest = found.at(-1)!;
  let scratch: string;
  beforeAll(() => {
    scratch = temporaryFolder();
  });

  const written = (name: string, text: string): string => {
    writeFileSync(join(scratch, name), text, 'latin1');
    return join(scratch, name);
  };

  for (const kernel of found) {
    for (const config of kernel.configs.filter((path) => !isPatched(path))) {
      it(`${kernel.version} ${basename(config)} is sound as it is shipped; conf's own of it without a word`, () => {
        const { status, json } = check(kernel, '-c', config);
        expect(json.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(status).toBe(0);
        // The kernel's own settings for keys, which Debian's packages leave to the build, and the compiler.
        const codes = new Set(json.findings.map(({ code }) => code));
        expect([...codes].filter((code) => code !== 'value-added' && code !== 'toolchain-value')).toEqual([]);
        // What the toolchain of this machine says is asked anew, as make does; conf's judge has its own.
        const settled = written('settled', olddefconfig(kernel, readFileSync(config, 'latin1')));
        const again = check(kernel, '-c', settled, '--strict');
        expect(again.json.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
        expect(again.status).toBe(0);
      });
    }
  }

  it.each(
    found.flatMap((kernel) =>
      kernel.configs
        .filter((path) => isPatched(path))
        .map((path) => [`${kernel.version} ${basename(path)}`, kernel, path] as const),
    ),
  )('a config for a patched tree is not sound without the patches: %s', (_, kernel, config) => {
    const { status, json } = check(kernel, '-c', config);
    expect(status).toBe(1);
    const gone = json.findings.filter(({ code, severity }) => code === 'symbol-gone' && severity === 'error');
    expect(gone.map(({ subject }) => subject.name)).toContain('PREEMPT_LAZY');
  });

  describe(`a trim of ${newest.version}`, () => {
    const [base] = newest.configs;
    const [listing] = draw.pick(LISTINGS, 1);
    let trimmed: string;
    let loaded: string;
    let modules: readonly { readonly name: string; readonly symbols: readonly string[] }[];
    beforeAll(() => {
      trimmed = join(scratch, 'trimmed');
      interface Trim {
        readonly loaded: readonly {
          readonly name: string;
          readonly status: string;
          readonly symbols: readonly string[];
        }[];
      }
      const { json } = ours<Trim>(newest, ['trim', '-c', base!, '-l', listing!, '-o', trimmed, '--no-cache']);
      const built = json.loaded.filter(({ status }) => ['kept', 'builtin', 'renamed'].includes(status));
      const text = readFileSync(trimmed, 'latin1');
      modules = json.loaded.filter(
        ({ status, symbols: [first, ...others] }) =>
          status === 'kept' && others.length === 0 && text.includes(`\nCONFIG_${first}=m\n`),
      );
      loaded = written('loaded', built.map(({ name }) => `${name}\n`).join(''));
    });

    const spoiled = (line: RegExp, other: string): string => {
      const text = readFileSync(trimmed, 'latin1');
      expect(text).toMatch(line);
      return written('spoiled', text.replace(line, other));
    };

    it(`for ${basename(listing!)} is sound (seed ${seed})`, () => {
      const { status, json } = check(newest, '-c', trimmed, '-l', loaded, '--strict');
      expect(json.findings).toEqual([]);
      expect(status).toBe(0);
    });

    it(`without one of its modules is not (seed ${seed})`, () => {
      const [module] = draw.pick(modules, 1);
      const symbol = module!.symbols[0]!;
      const config = spoiled(new RegExp(`^CONFIG_${symbol}=m$`, 'm'), `# CONFIG_${symbol} is not set`);
      const { status, json } = check(newest, '-c', config, '-l', loaded);
      expect(status).toBe(1);
      // A select may turn it on again; then the line is what is wrong.
      const names = json.findings.filter(({ severity }) => severity === 'error').map(({ subject }) => subject.name);
      expect(names.includes(module!.name) || names.includes(symbol)).toBe(true);
    });

    it('with an old name for a symbol is not, and the new one is told', () => {
      const config = spoiled(/^CONFIG_MITIGATION_RETPOLINE=y$/m, 'CONFIG_MITIGATION_RETPOLINE=y\nCONFIG_RETPOLINE=y');
      const { status, json } = check(newest, '-c', config);
      expect(status).toBe(1);
      expect(json.findings).toMatchObject([
        {
          code: 'symbol-gone',
          subject: { name: 'RETPOLINE' },
          successors: [{ name: 'MITIGATION_RETPOLINE', evidence: 'merged' }],
        },
      ]);
    });

    it('does not hold what a fragment asks for and the trim took away', () => {
      const fragment = written('fragment', 'CONFIG_SMP=y\nCONFIG_DEBUG_INFO_SPLIT=y\n');
      const { status, json } = check(newest, '-c', trimmed, '--fragment', fragment);
      expect(status).toBe(1);
      expect(json.findings).toMatchObject([
        {
          code: 'request-not-held',
          subject: { name: 'DEBUG_INFO_SPLIT' },
          wanted: 'y',
          held: 'n',
          at: { file: fragment, line: 2 },
        },
      ]);
    });

    it('has off what the config before had on, and says so with --against', () => {
      const { status, json } = check(newest, '-c', trimmed, '--against', base!);
      expect(status).toBe(1);
      const lost = json.findings.filter(({ code }) => code === 'turned-off');
      const [before, after] = [readFileSync(base!, 'latin1'), readFileSync(trimmed, 'latin1')].map((text) =>
        dotConfigValues(text),
      );
      for (const { subject, wanted } of lost) {
        expect([subject.name, before!.get(subject.name)]).toEqual([subject.name, wanted]);
        expect(after!.get(subject.name) ?? 'n').toBe('n');
      }
      // Each symbol that a user turned off is there by itself.
      const off = [...after!].filter(([name, value]) => value === 'n' && /^[my]$/.test(before!.get(name) ?? ''));
      const named = new Set(lost.map(({ subject }) => subject.name));
      expect(off.map(([name]) => name).filter((name) => !named.has(name))).toEqual([]);
    });
  });

  for (const kernel of found) {
    it(`says of damaged configs of ${kernel.version} what conf does with them (seed ${seed})`, () => {
      const text = readFileSync(kernel.configs[0]!, 'latin1');
      for (let i = 0; i < DAMAGED; i++) {
        const mark = i % 2 === 0 ? '\u00ef\u00bb\u00bf' : '';
        const config = mark + damage(text, draw);
        const run = { kernel, arch: X86, target: 'olddefconfig', config, answers: 'real' } as const;
        const judged = runConf(run);
        const kconfig = engineTree(run);
        const findings = checkedInProcess(kernel, kconfig, config);
        const named = (codes: readonly string[]): Set<string> =>
          new Set(findings.filter(({ code }) => codes.includes(code)).map(({ subject }) => subject.name));
        const changed = changedByConf(kconfig, config, judged.config ?? '');
        const said = named([...CHANGES, ...REFUSALS]);
        expect([...changed].filter((name) => !said.has(name))).toEqual([]);
        expect([...named(CHANGES)].filter((name) => !changed.has(name))).toEqual([]);
        const warned = [...judged.stderr.matchAll(/unmet direct dependencies detected for (\w+)/g)].map(
          ([, name]) => name!,
        );
        expect([...named(['unmet-dependency'])].sort()).toEqual([...new Set(warned)].sort());
      }
    });
  }

  it('knows lines of these trees that call each tool, but for what only newer ones have', () => {
    const missing = NEEDS.filter(
      ({ file, text }) =>
        !found.some(
          ({ tree }) => existsSync(join(tree, file)) && readFileSync(join(tree, file), 'latin1').includes(text),
        ),
    );
    expect(missing.map(({ tool, file }) => `${tool} ${file}`)).toEqual([
      'perl lib/crypto/Makefile',
      'dwarf.h scripts/gendwarfksyms/Makefile',
      'pahole scripts/gen-btf.sh',
    ]);
  });

  it('finds the tools that this machine was given for these tests', () => {
    const { json } = ours<Answer>(newest, ['check', '-c', newest.configs[0]!]);
    const missing = json.findings.filter(({ check: name }) => name === 'tools').map(({ subject }) => subject.name);
    const given = [
      'gcc',
      'make',
      'flex',
      'bison',
      'perl',
      'bc',
      'xz',
      'zstd',
      'pahole',
      'gelf.h',
      'openssl/opensslv.h',
    ];
    expect(missing.filter((name) => given.includes(name))).toEqual([]);
  });
});

/** Debian's real-time configs are for its real-time patches, which the source package's tree does not have. */
const isPatched = (config: string): boolean => config.includes('_rt_');

/** Findings that say of a symbol that its line changes. */
const CHANGES = [
  'value-changed',
  'value-added',
  'line-dropped',
  'toolchain-value',
  'symbol-gone',
  'symbol-transitional',
];
/** Findings on lines that conf refuses; where another line of the symbol counts, nothing changes. */
const REFUSALS = ['wrong-type', 'out-of-range', 'line-blanks', 'line-marked'];

const kbuildTrees = new Map<string, KbuildTree>();

/** Symbols that are gone are searched for among its objects. */
function kbuildOf({ tree }: Kernel): KbuildTree {
  const kbuild = kbuildTrees.get(tree) ?? KbuildTree.load({ fs: new NodeFileSystem(), tree, srcarch: 'x86' });
  kbuildTrees.set(tree, kbuild);
  return kbuild;
}

function checkedInProcess(kernel: Kernel, kconfig: Kconfig, text: string): Finding[] {
  const results = checkConfig({
    kconfig,
    kbuild: () => kbuildOf(kernel),
    fs: new NodeFileSystem(),
    commands: null,
    env: {},
    machineEnv: {},
    tree: kernel.tree,
    objtree: kernel.tree,
    arch: 'x86',
    srcarch: 'x86',
    config: { source: 'damaged', text },
    fragments: [],
    listings: [],
    keep: [],
    against: null,
    skip: new Set(CHECK_NAMES.filter((name) => name === 'files' || name === 'tools')),
    force: false,
  });
  return results.flatMap(({ cases }) => cases.flatMap(({ findings }) => findings));
}

/** Symbols whose lines have another value after conf than before, the last line of each. */
function changedByConf(kconfig: Kconfig, before: string, after: string): Set<string> {
  const style = kconfig.dialect.strictDotConfigLines ? 'strict' : 'lenient';
  const values = (text: string): Map<string, string> => {
    const found = new Map<string, string>();
    for (const line of scanDotConfig(text, 'CONFIG_', style)) {
      // With a blank at its end it names no symbol.
      if (line.kind !== 'value' || /\s$/.test(line.name)) continue;
      const type = kconfig.symbols.find(line.name)?.type;
      // Of a switch conf reads the first letter.
      found.set(line.name, type === 'bool' || type === 'tristate' ? line.value.slice(0, 1) : line.value);
    }
    return found;
  };
  const [old, now] = [values(before), values(after)];
  return new Set([...old.keys(), ...now.keys()].filter((name) => old.get(name) !== now.get(name)));
}
