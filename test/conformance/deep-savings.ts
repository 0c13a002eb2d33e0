/**
 * What `--deep --fast` and `--deep=bold --fast` leave of a trim with `--lean`, and what holds the rest: rows of
 * docs/deep-savings.md.
 */
import { estimateBuild } from '../../src/estimate/estimate.ts';
import type { BuildEstimate } from '../../src/estimate/types.ts';
import { UnitPlaces } from '../../src/evidence/unit-places.ts';
import { isModuleBuilt } from '../../src/kbuild/index.ts';
import type { Sources } from '../../src/sources/sources.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import type { BuiltConfig, TrimResult } from '../../src/trim/types.ts';
import type { Arch } from './conf-judge.ts';
import { recordOfMachine } from './machine-records.ts';
import { type TrimBase, trimTo } from './trim-engine.ts';
import { olddefconfig } from './trim-judge.ts';

/** Who may hold what is left, in the order of the columns. */
const HOLDERS = ['modules', 'kernel', 'floor', 'used', 'selected', 'other', 'linking'] as const;
type Holder = (typeof HOLDERS)[number];
function estimateOf({ config, build }: BuiltConfig, sources: Sources): BuildEstimate {
  const { units, modules, builtin } = build;
  const size = { units, modules: modules.length, builtIn: builtin.length };
  return estimateBuild({ ...size, config: kbuildLookup(config), sources });
}

/** Seconds of what is left, by what holds it. */
function heldBy(base: TrimBase, result: TrimResult, estimate: BuildEstimate): Record<Holder, number> {
  const lookup = kbuildLookup(result.config);
  const places = new UnitPlaces(base.kbuild);
  const reasons = new Map(result.deep!.stays.map(({ symbol, by }) => [symbol, by]));
  const seconds = Object.fromEntries(HOLDERS.map((holder) => [holder, 0])) as Record<Holder, number>;
  const holderOf = (unit: string): Holder => {
    const listed = places.of(unit).filter((place) => places.isBuilt(place, null, lookup));
    if (listed.some(({ module }) => module !== null && isModuleBuilt(module, lookup))) return 'modules';
    const owners = [...new Set(listed.flatMap((place) => places.symbols(unit, place, lookup)))];
    if (owners.length === 0) return 'kernel';
    const texts = owners.map((name) => reasons.get(name) ?? '');
    if (texts.some((text) => text === 'it decides over the whole kernel' || text === 'it has no prompt'))
      return 'kernel';
    if (texts.some((text) => /floor: |hardening/.test(text))) return 'floor';
    if (texts.some((text) => text.startsWith('selected by'))) return 'selected';
    return texts.some((text) => text.startsWith('used') || text.startsWith('part of')) ? 'used' : 'other';
  };
  result.build.units.forEach((unit, index) => {
    seconds[holderOf(unit)] += estimate.unitSeconds[index]!;
  });
  seconds.linking = estimate.parts.modules + estimate.parts.kernel;
  return seconds;
}

/** A trim of a base for the modules of a machine. */
export interface SavingsRow {
  readonly line: string;
  /** What breaks a promise. */
  readonly faults: readonly string[];
}

/** What is trimmed. */
export interface SavingsCase {
  readonly base: TrimBase;
  readonly arch: Arch;
  readonly loaded: ReadonlySet<string>;
  /** The tree's. */
  readonly sources: Sources;
}

export function savingsRow(name: string, { base, arch, loaded, sources }: SavingsCase): SavingsRow {
  const names = [...loaded];
  const lean = estimateOf(trimTo(base, names, { lean: true, sources }), sources).cpuSeconds;
  const options = { fast: true, record: recordOfMachine(names), sources } as const;
  const results = (['evidence', 'bold'] as const).map((deep) => trimTo(base, names, { ...options, deep }));
  const faults = results.flatMap(({ violations, text }) => [
    ...violations.map((violation) => JSON.stringify(violation)),
    ...(olddefconfig(base.kernel, text, arch) === text ? [] : ['conf changes the result']),
  ]);
  const [deep, bold] = results.map((result) => estimateOf(result, sources));
  const held = heldBy(base, results[1]!, bold!);
  const seconds = [deep!.cpuSeconds, bold!.cpuSeconds, ...HOLDERS.map((holder) => held[holder])];
  const cells = [name, (lean / 60).toFixed(1), ...seconds.map((each) => (each / lean).toFixed(2))];
  return { line: `| ${cells.join(' | ')} |`, faults };
}

function table(first: string, rows: readonly string[]): string {
  const head = [
    first,
    'lean, min',
    'deep',
    'bold',
    'modules',
    'kernel',
    'floor',
    'in use',
    'selected',
    'other',
    'linking',
  ];
  return `| ${head.join(' | ')} |\n|${head.map((_, at) => (at === 0 ? ' --- ' : ' ---: ')).join('|')}|\n${rows.join('\n')}\n`;
}

/** The file. @param machines rows of Debian's config @param configs rows of one machine */
export function savingsDocument(version: string, machines: readonly string[], configs: readonly string[]): string {
  return `# What deep trims save, and what holds the rest

CPU time to build Linux ${version}, as \`estimate\` has it: minutes after a trim with \`--lean\`, and as shares of that what
\`--deep --fast\` and \`--deep=bold --fast\` leave ([deep.md](deep.md)). The machine's modules are those of a real listing; the
rest of its record is a virtual machine's with Debian and systemd (\`fixtures/records/debian-vm.record\`). Each result is one of
which the kernel's conf changes no byte, and has every loaded module.

The columns behind say what holds that which \`--deep=bold --fast\` leaves, as shares of the same minutes; \`--deep --fast\`
leaves beside it code that announces itself nowhere, which no record can show unused:

- modules: the loaded modules and what they need as modules
- kernel: units on which no symbol decides that a person can set, or one that decides over the whole kernel
- floor: the floor, and hardening of the code that stays
- in use: built-ins of which the record shows use
- selected: what something else that stays selects
- other: it would change other settings, or a loaded module or a feature needs it
- linking: vmlinux and the modules, and preparation

## Machines, on Debian's config for amd64

${table('machine', machines)}
## Distributions' configs

Those for x86 with the modules of laptop-thinkpad-skl-vboxdrv-6.8, others with 80 of their own modules at random. What a
machine of that architecture uses beside its modules stands in no record here, so the built-in drivers of its buses count
as unused: a real machine keeps more.

${table('config', configs)}
Made by \`npm run deep-savings\`.
`;
}
