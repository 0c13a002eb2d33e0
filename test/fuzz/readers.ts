import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { ConditionTable } from '../../src/conditions/condition-table.ts';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { readDotConfig } from '../../src/dotconfig/read.ts';
import { dotConfigValues } from '../../src/dotconfig/scan.ts';
import { formatDefconfig, formatDotConfig } from '../../src/dotconfig/write.ts';
import { CalibrationCache, calibrationFrom } from '../../src/estimate/calibrate.ts';
import { readLists } from '../../src/kbuild/directory.ts';
import { dialectOfVersion } from '../../src/kconfig/dialect.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { Lexer } from '../../src/kconfig/lexer.ts';
import { parseKconfig } from '../../src/kconfig/parse-kconfig.ts';
import { Preprocessor } from '../../src/kconfig/preprocessor.ts';
import { T } from '../../src/kconfig/tokens.ts';
import { decodeConfigBytes } from '../../src/machine/config-bytes.ts';
import { unpack } from '../../src/machine/decompress/decompress.ts';
import { DecompressError } from '../../src/machine/decompress/output.ts';
import { parseListing } from '../../src/machine/listing.ts';
import { parseRecord } from '../../src/machine/record/read.ts';
import { uniteRecords } from '../../src/machine/record/unite.ts';
import { formatRecord } from '../../src/machine/record/write.ts';
import { MakeEvaluator } from '../../src/make/evaluator.ts';
import { TreeFiles } from '../../src/make/files.ts';
import { parseMakefile } from '../../src/make/parser.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { formatDiagnostic } from '../../src/report/diagnostic-text.ts';
import { stripControlCharacters } from '../../src/report/plain-text.ts';
import { TopMake } from '../../src/toolchain/top-make.ts';
import { Configuration } from '../../src/values/configuration.ts';
import { MemoryCache } from '../helpers/memory-cache.ts';
import { memoryFs } from '../helpers/memory-fs.ts';
import { recordText } from '../helpers/record-text.ts';
import type { Material } from './mutate.ts';

/** One of the program's readers, as the fuzzer drives it. */
export interface Reader extends Material {
  /** Reads one input (Latin-1). Refusals are thrown; what is returned is awaited. */
  read(input: string): void | Promise<void>;
  /** How many inputs it gets in a round, so that slow readers do not take all the time. */
  readonly share: number;
}

const REPOSITORY = resolve(import.meta.dirname, '../..');
const example = (path: string): string => readFileSync(join(REPOSITORY, 'fixtures/example', path), 'latin1');
const packed = (name: string): string => readFileSync(join(REPOSITORY, 'fixtures/packed', name), 'latin1');

const WHERE = { file: 'Kconfig', line: 1 };
/** Unpacked bytes that the fuzzed decoders may make: enough to see that they stop. */
const MAX_UNPACKED = 1024 * 1024;

const preprocessor = (): Preprocessor =>
  new Preprocessor({
    env: (name) => (name === 'ARCH' ? 'x86' : undefined),
    shell: (command) => (command.length % 3 === 0 ? null : command.slice(0, 8)),
    message: () => {},
  });

const [NEW, OLD, ANCIENT] = [dialectOfVersion([6, 12]), dialectOfVersion([6, 1]), dialectOfVersion([4, 19])];

/** A tree of four files that source each other as the input says. */
function parseTree(input: string): Kconfig {
  const files: Record<string, string> = {
    Kconfig: input,
    a: 'config A\n\tbool "a"\nsource "b"\n',
    b: 'config B\n\tint\n',
    c: input,
  };
  const dialect = [NEW, OLD, ANCIENT][input.length % 3]!;
  return parseKconfig('Kconfig', dialect, {
    readFile: (name) => files[name] ?? null,
    glob: () => null,
    env: () => undefined,
    shell: (command) => (command.length % 2 === 0 ? 'y' : null),
    message: () => {},
  });
}

const KCONFIG_WORDS =
  `config menuconfig choice endchoice menu endmenu if endif comment source mainmenu bool tristate int hex string
  default def_bool def_tristate depends on select imply range visible optional prompt help modules option transitional
  && || ! = != < > <= >= ( ) y n m A B C MODULES "x" "" 0x10 7`.split(/\s+/);
const KCONFIG_SEEDS = [
  'config MODULES\n\tbool "m"\n\tdefault y\n\tmodules\n\nconfig A\n\ttristate "a" if B\n\tdepends on B && !C\n\tselect D if A=m\n\thelp\n\t  Some help.\n\nconfig B\n\tbool "b"\n\tdefault y\n\nconfig C\n\tdef_bool n\n\nconfig D\n\ttristate\n',
  'mainmenu "x $(ARCH)"\nmenu "m"\n\tvisible if A\nconfig A\n\tbool "a"\nchoice\n\tprompt "c"\n\tdefault Y2\nconfig Y1\n\tbool "1"\nconfig Y2\n\tbool "2"\nendchoice\nendmenu\nif A\nsource "a"\nendif\n',
  'config I\n\tint "i"\n\trange 1 N if A\n\tdefault 5\nconfig N\n\tint\n\tdefault 10\nconfig H\n\thex "h"\n\trange 0x1 0xff\n\tdefault 0x10\nconfig S\n\tstring "s"\n\tdefault "a\\"b"\ncomment "c"\n\tdepends on I > 3\n',
  'f = $(shell,echo $(1))\nx := $(f,y)\nconfig A\n\tdef_bool $(x)\n\timply B\nconfig B\n\ttristate "b"\n\tdepends on A || B=n\nmenuconfig C\n\tbool "c"\nconfig D\n\tbool "d"\n\tdepends on C\n',
].concat(
  ['fs/Kconfig', 'net/Kconfig', 'scripts/Kconfig.include'].map((path) => example(`tree/${path}`).slice(0, 1200)),
);

const MACRO_WORDS =
  `$(A) $(B) $(A,x) $(1) $(2) $(shell,x) $(info,y) $(warning-if,y,z) $(error-if,n,x) $(filename) $(lineno)
  $(if-success,a,b,c) $( ) , := = += A B`.split(/\s+/);

const MAKE_WORDS =
  `$(A) $(B) $(CONFIG_A) $(CONFIG_B) obj-y obj-m obj-$(CONFIG_A) a.o b.o a/ lib-y a-objs a-y := = += ?= ifeq ifneq
  ifdef ifndef else endif define endef include -include export unexport override undefine $(if $(or $(and $(call $(foreach
  $(eval $(subst $(patsubst $(filter $(filter-out $(sort $(word $(wordlist $(words $(firstword $(addprefix $(addsuffix
  $(shell $(wildcard $(error $(warning $(info $(value $(origin $(flavor $(let $(intcmp $(file $(abspath $(realpath $(dir
  $(notdir $(basename $(suffix $(join $(strip $(findstring ) ( , : % %.o $1 $@ $$ y m n \\`.split(/\s+/);
const MAKE_SEEDS = [
  'A := 1\nB = $(A) x\nobj-$(CONFIG_A) += a.o b.o\na-objs := c.o $(B:.o=.c)\nifeq ($(CONFIG_B),y)\nobj-y += d/\nelse ifdef A\nobj-m += e.o\nendif\nf = $(subst y,m,$(1))\nobj-$(call f,$(CONFIG_C)) += g.o\n',
  'define f\nobj-y += $(1).o\n$(foreach x,$(2),$(eval $(x)-y := z.o))\nendef\n$(eval $(call f,a,b c))\ninclude a\n-include none\nexport A B\nall: $(obj-y)\n\techo $@\n',
  'l := $(sort $(filter %.o,a.o b.c) $(addprefix x/,$(wildcard *)))\nw := $(word 2,$(l)) $(wordlist 1,2,$(l)) $(if $(CONFIG_A),$(l),no)\nobj-y := $(patsubst %.c,%.o,$(w)) $(or $(CONFIG_B),y)\n',
].concat(
  ['drivers/Makefile', 'Makefile', 'net/netfilter/Makefile'].map((path) => example(`tree/${path}`).slice(0, 1200)),
);

const makeFs = memoryFs({
  '/tree/a': 'A += $(B)\nobj-y += a.o\n',
  '/tree/d/Makefile': 'obj-y += x.o\n',
  '/tree/b.c': '',
});

function runTopMake(input: string): void {
  const fs = memoryFs({ '/tree/Makefile': input, '/tree/a': 'A += $(B)\n' });
  const make = new TopMake({
    fs,
    run: (command) => command.slice(0, 8),
    environment: { B: 'b' },
    commandLine: { ARCH: 'x86' },
    cwd: '/tree',
    flags: [],
  });
  make.read('/tree/Makefile');
  for (const name of ['A', 'B', 'obj-y', 'f', 'CC']) {
    make.cheapValue(name);
    make.value(name);
  }
  make.exportedNames();
}

function runKbuild(input: string): void {
  for (const config of [null, (symbol: string) => (symbol === 'A' ? 'm' : 'y')]) {
    const files = new TreeFiles(makeFs, '/tree');
    const make = new MakeEvaluator({ table: new ConditionTable(), files, config, holes: [] });
    make.rules = [];
    make.run(parseMakefile(input, 'Makefile'));
    readLists(make, '.');
  }
}

let exampleTree: Kconfig | null = null;

/** The example, parsed once: what .config text is read into. */
function kconfigOfExample(): Kconfig {
  const fs = new NodeFileSystem();
  exampleTree ??= parseKconfig('Kconfig', NEW, {
    readFile: (name) => fs.readText(join(REPOSITORY, 'fixtures/example/tree', name)),
    glob: () => null,
    env: (name) => ({ SRCARCH: 'x86', ARCH: 'x86', srctree: join(REPOSITORY, 'fixtures/example/tree') })[name],
    shell: () => 'n',
    message: () => {},
  });
  return exampleTree;
}

const CONFIG_WORDS =
  `CONFIG_ =y =m =n # is not set CONFIG_KVM CONFIG_NET CONFIG_LOG_BUF_SHIFT CONFIG_LOCALVERSION "x" \\" \\\\
  CONFIG_MODULES=y CONFIG_EXPERT=y 0x1f -5`.split(/\s+/);
const CONFIG_SEEDS = [
  example('config'),
  'CONFIG_NET=y\n# CONFIG_PCI is not set\nCONFIG_LOG_BUF_SHIFT=18\nCONFIG_LOCALVERSION="-x"\n',
  '',
];

const LISTING_WORDS =
  `Module Size Used by a b_c 842 1 0 - , [permanent], [unsafe] (OE) Live Loading 0x0 0xffffffffc0200000 .ko .ko.xz
  kernel/drivers/ # lspci <html> CONFIG_A=y`.split(/\s+/);
const LISTING_SEEDS = [example('lsmod.txt'), example('proc-modules.txt')]
  .concat(
    readdirSync(join(REPOSITORY, 'fixtures/listings')).map((name) =>
      readFileSync(join(REPOSITORY, 'fixtures/listings', name), 'latin1'),
    ),
  )
  .map((text) => text.slice(0, 800));

const RECORD_SEED = readFileSync(join(REPOSITORY, 'fixtures/records/fake-machine.record'), 'latin1');
const RECORD_WORDS =
  `kconfig-trim-record 1 module ext4 driver pci e1000e - seen 2026-11-27 2026-13-01 2026-01-01 device match fs mounted
  source later __proto__ constructor \\040 0 7 99999999999999999 -1`.split(/\s+/);

const SMALL_CONFIG = 'CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\n'.repeat(4);
const IMAGE = `\x7fELF\0\0IKCFG_ST${gzipSync(SMALL_CONFIG).toString('latin1')}IKCFG_ED\0`;
const PACKED_SEEDS = readdirSync(join(REPOSITORY, 'fixtures/packed'))
  .filter((name) => name.includes('.'))
  .map(packed)
  .filter((text) => text.length < 8192);
const startsWith = (...marks: string[]): string[] => {
  const found = PACKED_SEEDS.filter((text) => marks.some((mark) => text.startsWith(mark)));
  if (found.length === 0) throw new Error('fixtures/packed has no small file of this kind');
  return found;
};
const BINARY_WORDS = [
  '\0',
  '\0\0\0\0',
  '\xff\xff\xff\xff',
  '\x80',
  '\x01',
  '\xfd7zXZ\0',
  '\x1f\x8b\x08',
  'IKCFG_ST',
  'IKCFG_ED',
  '\x28\xb5\x2f\xfd',
];

const bytes = (input: string): Uint8Array => Buffer.from(input, 'latin1');
const decoder =
  (packing: 'gzip' | 'xz' | 'lzma' | 'lz4' | 'zstd') =>
  async (input: string): Promise<void> => {
    await unpack(packing, bytes(input), MAX_UNPACKED, input.length % 2 === 0);
  };

function parsedOr<Value>(input: string, other: Value): Value {
  try {
    return JSON.parse(input) as Value;
  } catch {
    return other;
  }
}

const STORE = new MemoryCache();
const CALIBRATION = new CalibrationCache(STORE, memoryFs({ '/proc/cpuinfo': 'model name : x\n' }), 'gcc 12');
const RUN = { version: 1, compiler: 'gcc', seconds: 0.4, spread: 0.1, load: 0 } as const;
CALIBRATION.write(RUN);
const [[ENTRY_NAME, ENTRY]] = [...STORE.entries] as [[string, Uint8Array]];

function readRecord(input: string): void {
  const { record, diagnostics } = parseRecord(input, 'host.record');
  for (const { severity, ...rest } of diagnostics) checkMessage(new InputError(rest), input);
  const text = formatRecord(record);
  const again = parseRecord(text, 'host.record');
  if (again.diagnostics.length > 0) throw new Error('what was written is not read without a warning');
  if (formatRecord(uniteRecords([record, again.record])) !== text) throw new Error('united with itself it is another');
}

/** A record whose first line of a size says the right one. */
function withRightSize(input: string): string {
  const size = input.replace(/^size \d+$/m, '').replace(/[\r\n]/g, '').length;
  return input.replace(/^size \d+$/m, `size ${size}`);
}

/** Every reader that takes bytes from somewhere else. */
export const READERS: Readonly<Record<string, Reader>> = {
  lexer: {
    seeds: KCONFIG_SEEDS,
    words: [...KCONFIG_WORDS, ...MACRO_WORDS],
    share: 20,
    read(input) {
      const lexer = new Lexer(preprocessor(), NEW, () => {});
      lexer.push('Kconfig', input);
      while (lexer.next() !== T.eof) if (lexer.kind === T.help) lexer.help();
    },
  },
  preprocessor: {
    seeds: [
      '$(A)',
      'a$(shell,echo $(A) $(B,1,2))b',
      '$(A,$(B,$(1)),x)',
      '$(error-if,$(A),no)',
      '$(info,$(lineno) $(filename))',
      'a, $$ ( ) $',
    ],
    words: MACRO_WORDS,
    share: 10,
    read(input) {
      const macros = preprocessor();
      macros.assign('B', '$(1)$(2)-$(A)', 'recursive', WHERE);
      for (const line of input.split('\n', 50)) {
        macros.assign('A', line, line.length % 2 === 0 ? 'recursive' : 'append', WHERE);
        macros.expand(line, WHERE);
      }
    },
  },
  parser: {
    seeds: KCONFIG_SEEDS,
    words: KCONFIG_WORDS,
    share: 10,
    read(input) {
      const kconfig = parseTree(input);
      const config = new Configuration(kconfig);
      readDotConfig(config, 'CONFIG_A=m\nCONFIG_B=y\nCONFIG_I=3\n', { file: '.config' });
      formatDotConfig(config);
      formatDefconfig(config);
    },
  },
  'make-environment': { seeds: MAKE_SEEDS, words: MAKE_WORDS, share: 5, read: runTopMake },
  'make-kbuild': { seeds: MAKE_SEEDS, words: MAKE_WORDS, share: 3, read: runKbuild },
  'dot-config': {
    seeds: CONFIG_SEEDS,
    words: CONFIG_WORDS,
    share: 2,
    read(input) {
      const config = new Configuration(kconfigOfExample());
      for (const { severity, ...rest } of readDotConfig(config, input, { file: '.config', warnUnknown: true })
        .diagnostics) {
        checkMessage(new InputError(rest), input);
      }
      formatDotConfig(config);
    },
  },
  'dot-config-lines': {
    seeds: CONFIG_SEEDS.map((text) => text.slice(0, 800)),
    words: CONFIG_WORDS,
    share: 40,
    read: (input) => void dotConfigValues(input),
  },
  listing: {
    seeds: LISTING_SEEDS,
    words: LISTING_WORDS,
    share: 20,
    read: (input) => void parseListing(input, 'lsmod'),
  },
  record: {
    seeds: [RECORD_SEED, RECORD_SEED.slice(0, 400), 'kconfig-trim-record 1\n', 'kconfig-trim-record 2\nmodule a 1\n'],
    words: RECORD_WORDS,
    share: 20,
    read: readRecord,
  },
  // Nearly no damaged record has a right size, and the lines of no other are read.
  'record-facts': {
    seeds: [RECORD_SEED, recordText('fs xfs mounted', 'module ext4 1', 'seen 2026-11-27 2026-11-28')],
    words: RECORD_WORDS,
    share: 20,
    read: (input) => readRecord(withRightSize(input)),
  },
  'config-file': {
    seeds: [
      IMAGE,
      `MZ${IMAGE}`,
      gzipSync(SMALL_CONFIG).toString('latin1'),
      SMALL_CONFIG,
      deflateSync('x').toString('latin1'),
      ...PACKED_SEEDS,
    ],
    words: BINARY_WORDS,
    share: 0.1,
    read: async (input) => void (await decodeConfigBytes(bytes(input), 'config')),
  },
  gzip: {
    seeds: [gzipSync(SMALL_CONFIG).toString('latin1'), gzipSync('x'.repeat(100_000)).toString('latin1')],
    words: BINARY_WORDS,
    share: 5,
    read: decoder('gzip'),
  },
  xz: { seeds: startsWith('\xfd7zXZ'), words: BINARY_WORDS, share: 8, read: decoder('xz') },
  lzma: { seeds: startsWith('\x5d\0\0'), words: BINARY_WORDS, share: 8, read: decoder('lzma') },
  lz4: { seeds: startsWith('\x02\x21\x4c\x18'), words: BINARY_WORDS, share: 15, read: decoder('lz4') },
  zstd: { seeds: startsWith('\x28\xb5\x2f\xfd'), words: BINARY_WORDS, share: 0.1, read: decoder('zstd') },
  cache: {
    seeds: [Buffer.from(ENTRY).toString('latin1'), JSON.stringify(RUN), '{}', 'null', '[]'],
    words: ['"seconds":', '"spread":', '"version":', '1', '-1', '1e999', 'null', '{', '}', '[', ']', '"', '__proto__'],
    share: 40,
    read(input) {
      STORE.entries.set(ENTRY_NAME, bytes(input));
      CALIBRATION.read();
      CALIBRATION.write(parsedOr(input, RUN));
      const run = CALIBRATION.read();
      const calibration = run && calibrationFrom(run);
      if (calibration && !(calibration.factor > 0 && Number.isFinite(calibration.factor))) throw new Error('factor');
    },
  },
};

/**
 * Reads one input as `reader` does: it must be taken, or refused in order.
 * @throws whatever is not a refusal
 */
export async function readInput(reader: Reader, input: string): Promise<void> {
  try {
    const done = reader.read(input);
    if (done) await done;
  } catch (error) {
    if (error instanceof InputError) checkMessage(error, input);
    else if (!(error instanceof DecompressError)) throw error;
  }
}

/** A refusal of `input`, whose line it shows, says what is wrong in words, and does nothing to a terminal. */
function checkMessage(error: InputError, input: string): void {
  const text = formatDiagnostic(error.diagnostic);
  if (
    text.includes('undefined') &&
    !stripControlCharacters(`${input}${JSON.stringify(error.diagnostic)}`).includes('undefined')
  )
    throw new Error(`no words: ${text}`);
  if (text.startsWith(error.diagnostic.code)) throw new Error(`no words for ${error.diagnostic.code}`);
  if (stripControlCharacters(text) !== text) throw new Error(`control characters: ${JSON.stringify(text)}`);
}
