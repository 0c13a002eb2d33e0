/**
 * The whole way of a deep trim, in a virtual machine: record it under Debian's own kernel, trim with the record, build,
 * install, boot, and compare. Adds a line for each to docs/proof.md.
 *
 *   npm run prove -- MACHINE… [--deep] [--bold] [--plain] [--localmodconfig] [--full]
 *                    [--estimate | --rehearse | --record] [--again] [--no-ccache] [--jobs N]
 *
 * MACHINE is one of test/boot/machines.ts whose first disk is its root file system; `MACHINE+luks` has that in a logical
 * volume on an encrypted disk. Deep and bold where no config is named; of the full one only the estimate is taken.
 * `--estimate` builds nothing: it says what a build would take. `--rehearse` builds nothing either: it boots Debian's
 * kernel with the parameters that `kconfig-trim rehearse` prints. `--record` boots nothing but Debian's kernel,
 * and says what the machine has and does under it. `--again` takes no record of an earlier run. Needs root,
 * QEMU, a compiler, and what `npm run setup:kernel`, `setup:boot` and `setup:prove` bring; takes hours.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MACHINES } from '../../test/boot/machines.ts';
import { type Boot, readBoot, whyNoBoot } from '../../test/boot/virtual-machine.ts';
import { kernel as material } from '../../test/conformance/kernels.ts';
import { PROGRAM } from '../../test/helpers/built-program.ts';
import { type Differences, differences, works } from './differences.ts';
import { PROVE, runProgram, say, whyNoProof } from './places.ts';
import { addRow } from './proof-table.ts';
import { bootInstalled, debianKernel, install, type Kernel, type RootKind } from './root-disk.ts';

const SERIES = '6.12';
const OPTIONS = { plain: [], deep: ['--deep', '--fast'], bold: ['--deep=bold', '--fast'] } as const;
/** What is built: a trim with these options, what the incumbent makes, or Debian's whole config. */
type Way = keyof typeof OPTIONS | 'localmodconfig' | 'full';
type Scope = 'deep' | 'bold';
const MADE_BY: Readonly<Record<Way, string>> = {
  full: 'full config',
  localmodconfig: '`make localmodconfig`',
  plain: '`kconfig-trim`',
  deep: '`--deep --fast`',
  bold: '`--deep=bold --fast`',
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    deep: { type: 'boolean', default: false },
    bold: { type: 'boolean', default: false },
    plain: { type: 'boolean', default: false },
    localmodconfig: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    estimate: { type: 'boolean', default: false },
    rehearse: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    'no-ccache': { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
});

/** A machine with its root file system, and what it does under Debian's kernel. */
class Subject {
  readonly name: string;
  readonly folder: string;
  readonly #machine;
  readonly #kind: RootKind;

  constructor(name: string) {
    const [machine, kind] = name.split('+');
    const found = MACHINES.find((each) => each.name === machine);
    if (!found || (kind !== undefined && kind !== 'luks')) throw new Error(`no machine ${name}`);
    this.name = name;
    this.#machine = { ...found, args: withoutCrypto(found.args) };
    this.#kind = kind === undefined ? 'plain' : 'luks-lvm';
    this.folder = join(PROVE, 'machines', name);
  }

  /** Boots a kernel on it. */
  async boot(kernel: Kernel, folder: string, record: string | null, parameter = ''): Promise<Boot> {
    mkdirSync(folder, { recursive: true });
    const installed = await install(kernel, this.#kind, folder, record);
    const parameters = `${installed.parameters} ${parameter}`.trim();
    return bootInstalled(this.#machine, kernel, { ...installed, parameters }, folder);
  }

  /** What it does under Debian's own kernel; from an earlier run where there is one. */
  async before(): Promise<Boot> {
    const folder = join(this.folder, 'debian');
    const data = join(folder, 'data.txt');
    const known = !values.again && existsSync(data) ? readBoot(readFileSync(data, 'latin1')) : null;
    const boot = known?.isDone ? known : await this.boot(debianKernel(), folder, null);
    if (!boot.isDone) throw new Error(`${this.name} does not come up under Debian's kernel: see ${folder}/console.log`);
    return boot;
  }
}

/**
 * The arguments without a virtio crypto device. QEMU 7.2 fails at its RSA, and as soon as the driver is loaded the kernel
 * rejects the modules that it has signed itself; Debian's are signed with another algorithm.
 */
function withoutCrypto(args: readonly string[]): string[] {
  const isCrypto = (word = ''): boolean => /^(virtio-crypto|cryptodev)-/.test(word);
  return args.filter((word, index) => !isCrypto(word) && !isCrypto(args[index + 1]));
}

/** What a config is made of. */
interface Size {
  readonly objects: number;
  readonly modules: number;
  /** CPU seconds. */
  readonly predicted: number;
}

/** A kernel that was built. */
interface Built extends Kernel, Size {
  readonly build: string;
  readonly measured: number | null;
}

/** Of what `trim --json` says. */
interface TrimJson {
  readonly result: { readonly objects: number; readonly modules: number };
  readonly estimate: { readonly after: { readonly cpuSeconds: number } };
}

/** Of what `estimate --json` says. */
interface EstimateJson {
  readonly configs: readonly [{ readonly objects: number; readonly modules: number; readonly cpuSeconds: number }];
}

function sizeOf(config: string): Size {
  const text = program(['estimate', '-C', material(SERIES).tree, '-c', config, '--json']);
  const [{ objects, modules, cpuSeconds }] = (JSON.parse(text) as EstimateJson).configs;
  return { objects, modules, predicted: cpuSeconds };
}

function trimInto(build: string, options: readonly string[], record: string): Size {
  const { tree, image } = material(SERIES);
  say(`trimming: ${options.join(' ')}`);
  const files = ['-c', join(image, 'config'), '-o', join(build, '.config'), '-l', record];
  const text = program(['trim', '-C', tree, '-O', build, ...files, '--json', ...options]);
  const { result, estimate } = JSON.parse(text) as TrimJson;
  writeFileSync(join(build, '../trim.json'), JSON.stringify({ result, estimate }, null, 1));
  return { objects: result.objects, modules: result.modules, predicted: estimate.after.cpuSeconds };
}

/** The same by the incumbent, which takes the modules of the record. */
function localmodconfig(build: string, record: string): Size {
  const { tree, image } = material(SERIES);
  const modules = [...readFileSync(record, 'latin1').matchAll(/^module (\S+) (\d+)/gm)];
  const listing = join(build, '../lsmod');
  writeFileSync(
    listing,
    ['Module Size Used by', ...modules.map(([, name, uses]) => `${name} 1 ${uses}`), ''].join('\n'),
  );
  copyFileSync(join(image, 'config'), join(build, '.config'));
  say('make localmodconfig');
  runProgram('sh', ['-c', 'yes "" | make -C "$0" O="$1" LSMOD="$2" localmodconfig', tree, build, listing]);
  return sizeOf(join(build, '.config'));
}

function configure(way: Exclude<Way, 'full'>, build: string, record: string): Size {
  return way === 'localmodconfig' ? localmodconfig(build, record) : trimInto(build, OPTIONS[way], record);
}

function build(subject: Subject, way: Exclude<Way, 'full'>, record: string): Built {
  const { tree } = material(SERIES);
  const folder = join(subject.folder, way);
  const build = join(folder, 'build');
  // What an earlier build has left is not compiled anew, and its time is not that of all.
  const isMeasured = values['no-ccache'] && !existsSync(build);
  mkdirSync(build, { recursive: true });
  const size = configure(way, build, record);
  const compiler = values['no-ccache'] ? [] : ['CC=ccache gcc'];
  const words = [...compiler, `LOCALVERSION=-${way}`, 'KBUILD_BUILD_TIMESTAMP=@0', 'bzImage', 'modules'];
  say(`building: ${words.join(' ')}`);
  const text = program(['build', '-C', tree, '-O', build, '-j', values.jobs, '-l', record, '--json', ...words]);
  const { seconds } = JSON.parse(text) as { seconds: { cpu: { real: number | null } } };
  writeFileSync(join(folder, 'build.json'), text);
  return {
    ...size,
    release: readFileSync(join(build, 'include/config/kernel.release'), 'utf8').trim(),
    image: join(build, 'arch/x86/boot/bzImage'),
    build,
    measured: isMeasured ? seconds.cpu.real : null,
  };
}

/** Runs this program. What it finds (exit status 1) is in its report, and the boot will tell. */
function program(args: readonly string[]): string {
  return runProgram('nice', ['-n', '5', process.execPath, PROGRAM, ...args], PROVE, [0, 1]);
}

/** What a machine does under Debian's kernel. */
interface Before {
  readonly boot: Boot;
  readonly text: string;
  /** The record's file. */
  readonly record: string;
}

async function recordBefore(subject: Subject): Promise<Before> {
  const boot = await subject.before();
  const text = boot.files.get('record') ?? '';
  const record = join(subject.folder, 'debian.record');
  writeFileSync(record, text, 'latin1');
  return { boot, text, record };
}

/** Says what a machine has and does under Debian's kernel, by the program and by the script. */
async function tellRecord(subject: Subject): Promise<void> {
  const { boot, text } = await recordBefore(subject);
  const lines = (name: string): string[] => (boot.files.get(name) ?? '').split('\n').filter((line) => line !== '');
  const count = (kind: string): string => `${lines('record').filter((line) => line.startsWith(`${kind} `)).length}`;
  const differing = differingLines([text, boot.files.get('record-again') ?? ''], boot.files.get('script-record') ?? '');
  if (differing.length > 0) process.stdout.write(`${differing.join('\n')}\n`);
  addRow('records', [
    ...subjectCells(subject),
    (boot.files.get('state') ?? '').trim(),
    lines('failed').join(', ') || 'none',
    works(boot).join(', '),
    ...['module', 'driver', 'fs', 'link'].map(count),
    `${lines('errors').length}`,
    differing.length === 0 ? `${lines('script-record').length} lines, the same` : `${differing.length} lines differ`,
  ]);
}

/**
 * The lines that only the program has, or only the script.
 * @param records of the program, before and after the script: what changed between them counts for neither
 */
function differingLines(records: readonly string[], script: string): string[] {
  const [before, after, theirs] = [...records, script].map((text) => new Set(text.split('\n')));
  return [
    ...[...before!].filter((line) => after!.has(line) && !theirs!.has(line)).map((line) => `program: ${line}`),
    ...[...theirs!].filter((line) => !before!.has(line) && !after!.has(line)).map((line) => `script: ${line}`),
  ];
}

async function prove(subject: Subject, way: Way): Promise<void> {
  const before = await recordBefore(subject);
  if (way === 'full' || values.estimate) {
    const size = estimate(subject, way, before.record);
    addRow('proofs', [...subjectCells(subject, MADE_BY[way]), ...sizeCells(size, null), ...Array(6).fill('–')]);
    return;
  }
  const built = build(subject, way, before.record);
  const folder = join(subject.folder, way);
  const after = await subject.boot(built, folder, before.text);
  const found = differences(before.boot, after);
  const size = statSync(join(built.build, 'vmlinux')).size;
  addRow('proofs', [
    ...subjectCells(subject, MADE_BY[way]),
    ...sizeCells(built, built.measured),
    `${Math.round(size / 1e6)} MB`,
    ...foundCells(before.boot, found),
  ]);
  tell(folder, found);
}

function estimate(subject: Subject, way: Way, record: string): Size {
  if (way === 'full') return sizeOf(join(material(SERIES).image, 'config'));
  const build = join(subject.folder, `${way}-estimate`, 'build');
  mkdirSync(build, { recursive: true });
  return configure(way, build, record);
}

/** Tries on Debian's own kernel what a trim would turn off. */
async function rehearse(subject: Subject, scope: Scope): Promise<void> {
  const before = await recordBefore(subject);
  const { tree, image } = material(SERIES);
  say(`rehearsing: ${OPTIONS[scope][0]}`);
  const words = ['rehearse', '-C', tree, '-c', join(image, 'config'), '-l', before.record, '--json', OPTIONS[scope][0]];
  const { lines } = JSON.parse(program(words)) as { lines: string[] };
  for (const [index, line] of lines.entries()) {
    const folder = join(subject.folder, `${scope}-rehearsal-${index + 1}`);
    const after = await subject.boot(debianKernel(), folder, before.text, line);
    const found = differences(before.boot, after);
    const functions = `${line.split(',').length} (${index + 1} of ${lines.length})`;
    addRow('rehearsals', [
      ...subjectCells(subject, `\`${OPTIONS[scope][0]}\``),
      functions,
      ...foundCells(before.boot, found),
    ]);
    tell(folder, found);
  }
}

function sizeCells({ objects, modules, predicted }: Size, measured: number | null): string[] {
  const count = (value: number): string => Math.round(value).toLocaleString('en');
  return [`${count(objects)} / ${count(modules)}`, count(predicted), measured === null ? '–' : count(measured)];
}

function subjectCells(subject: Subject, ...madeBy: readonly string[]): string[] {
  const commit = runProgram('git', ['rev-parse', '--short', 'HEAD'], import.meta.dirname).trim();
  const date = new Date().toISOString().slice(0, 10);
  return [date, commit, debianKernel().release.replace(/[+].*/, ''), subject.name, ...madeBy];
}

function foundCells(before: Boot, { state, failedUnits, uses, errors, missing }: Differences): string[] {
  return [
    state,
    failedUnits.join(', ') || 'none',
    `${works(before).length - uses.length} of ${works(before).length}`,
    errors.length === 0 ? 'none' : `${errors.length}`,
    missing.join(', ') || 'nothing missing',
  ];
}

function tell(folder: string, found: Differences): void {
  const text = `${JSON.stringify(found, null, 1)}\n`;
  writeFileSync(join(folder, 'found.json'), text);
  process.stdout.write(text);
}

const reason = whyNoBoot() ?? whyNoProof();
if (reason !== null) {
  process.stderr.write(`SKIPPED all proofs: ${reason}; npm run setup:boot and setup:prove bring what is missing\n`);
} else {
  const asked = (Object.keys(MADE_BY) as Way[]).filter((way) => values[way]);
  for (const name of positionals) {
    const subject = new Subject(name);
    if (values.record) {
      await tellRecord(subject);
      continue;
    }
    for (const way of asked.length > 0 ? asked : (['deep', 'bold'] as const)) {
      if (!values.rehearse) await prove(subject, way);
      else if (way === 'deep' || way === 'bold') await rehearse(subject, way);
      else throw new Error(`--rehearse tries deep trims; --${way} is none`);
    }
  }
}
