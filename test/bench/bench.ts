/**
 * npm run bench [-- --parts trim,first,checkout,conf,start,modules,listings --rounds 5 --tree 6.12 --config NAME --listing FILE]
 *
 * Measures this program against the incumbent and against itself: times on the clock and of processors, medians of
 * runs in turn, and their ratios. Needs `npm run setup:kernel`. README.md beside this file tells what was found.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { random } from '../conformance/sampling.ts';
import { Material } from './material.ts';
import { type Contestant, interleaved, median, performanceLines, type Sample } from './measure.ts';

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'trim,first,checkout,conf,start,modules,listings' },
    rounds: { type: 'string', default: '5' },
    tree: { type: 'string', default: '6.12' },
    config: { type: 'string', default: 'amd64_none_amd64' },
    listing: { type: 'string' },
  },
});

const rounds = Number(values.rounds);
const material = new Material(values.tree, values.config, values.listing);

/** A ratio that is wanted: the time of one contestant by that of another, at most. */
interface Goal {
  readonly of: string;
  readonly by: string;
  readonly atMost: number;
}

const PARTS: Readonly<Record<string, () => void>> = {
  trim: benchTrim,
  first: benchFirst,
  checkout: benchCheckout,
  conf: benchConf,
  start: benchStart,
  modules: benchModules,
  listings: benchListings,
};

try {
  for (const part of values.parts.split(',')) {
    const bench = PARTS[part];
    if (!bench) throw new Error(`no part ${part}; there are ${Object.keys(PARTS).join(', ')}`);
    bench();
  }
} finally {
  material.remove();
}

/** A trim against streamline_config.pl and conf, and against make around both. */
function benchTrim(): void {
  const goals = [
    { of: 'no cache', by: 'perl + conf', atMost: 0.4 },
    { of: 'no cache', by: 'make localmodconfig', atMost: 0.33 },
    { of: 'warm cache', by: 'perl + conf', atMost: 0.25 },
    { of: 'warm cache', by: 'make localmodconfig', atMost: 0.2 },
  ];
  const { listing } = material;
  const cold = material.trim('no cache', [listing], '--no-cache');
  const first = material.firstTrim('cold cache', [listing]);
  const warm = material.trim('warm cache', [listing]);
  const ours = [cold, first, warm];
  const contestants = [material.perlAndConf('perl + conf'), material.localmodconfig('make localmodconfig'), ...ours];
  const samples = compare('A trim', contestants, goals);
  const same = new Set(
    ours.map(({ name }) => readFileSync(material.path(`${name.replace(' ', '-')}.config`), 'latin1')),
  );
  print(same.size === 1 ? 'All of ours wrote the same bytes.' : 'THE CONFIGS DIFFER');
  phases(ours.map(({ name }) => [name, samples.get(name)!]));
}

/** The first run on a machine, against make where conf has been compiled and where it has not. */
function benchFirst(): void {
  const first = material.firstTrim('cold cache', [material.listing]);
  const contestants = [
    material.localmodconfig('make localmodconfig'),
    material.localmodconfig('the same in a clean tree', { isClean: true }),
    first,
    ...(process.getuid?.() === 0 ? [material.uncached({ ...first, name: 'cold cache, files on disk' })] : []),
  ];
  const samples = compare('The first run', contestants, [
    { of: 'cold cache', by: 'make localmodconfig', atMost: 0.65 },
    { of: 'cold cache', by: 'the same in a clean tree', atMost: 0.3 },
  ]);
  phases([[first.name, samples.get(first.name)!]]);
}

/** The first run after `git checkout` of another version, in the same directory, there and back. */
function benchCheckout(): void {
  const other = new Material('6.1', values.config, values.listing);
  try {
    for (const [from, to] of [
      [other, material],
      [material, other],
    ] as const) {
      const after = material.afterCheckout('after a checkout', from.kernel.version, to);
      const title = `git checkout: ${from.kernel.version} to ${to.kernel.version}`;
      const samples = compare(
        title,
        [to.localmodconfig('make localmodconfig'), after],
        [{ of: after.name, by: 'make localmodconfig', atMost: 0.5 }],
      );
      phases([[after.name, samples.get(after.name)!]]);
    }
  } finally {
    other.remove();
  }
}

/** `conf olddefconfig` against the kernel's own conf. */
function benchConf(): void {
  const args = ['conf', 'olddefconfig', '-C', material.kernel.tree, '-c', material.config, '-q', '--performance'];
  const cold = material.ours('no cache', [...args, '-o', material.path('cold'), '--no-cache']);
  const warm = material.ours('warm cache', [...args, '-o', material.path('warm')]);
  const samples = compare(
    'olddefconfig',
    [material.conf("the kernel's conf"), cold, warm],
    [{ of: 'warm cache', by: "the kernel's conf", atMost: 0.5 }],
  );
  phases([cold, warm].map(({ name }) => [name, samples.get(name)!]));
}

function benchStart(): void {
  const bare: Contestant = { name: 'node -e 0', file: process.execPath, args: ['-e', '0'], options: {} };
  const goals = [{ of: '--version', by: bare.name, atMost: 1.3 }];
  compare('Start', [bare, material.ours('--version', ['--version'])], goals, rounds * 4);
}

/** How a trim grows with the number of modules that are loaded. */
function benchModules(): void {
  const names = moduleNames();
  const contestants = [15, 150, 600, names.length].map((count) => {
    const listing = material.path(`${count}.txt`);
    writeFileSync(listing, `${random(count).pick(names, count).join('\n')}\n`);
    return material.trim(`${count} modules`, [listing]);
  });
  const samples = compare('Modules loaded', contestants, []);
  phases(contestants.map(({ name }) => [name, samples.get(name)!]));
}

/** Listings united in one run, and machines trimmed for in one run of a program that uses the API. */
function benchListings(): void {
  const names = moduleNames();
  const folder = material.path('listings');
  mkdirSync(folder, { recursive: true });
  const listings = Array.from({ length: 40 }, (_, number) => {
    const path = `${folder}/${number}.txt`;
    const common = random(0).pick(names, 100);
    writeFileSync(path, `${[...common, ...random(number + 1).pick(names, 50)].join('\n')}\n`);
    return path;
  });
  const counts = [1, 10, 40];
  const united = counts.map((count) => material.trim(`${count} united`, listings.slice(0, count)));
  compare('Listings united in one run', united, [{ of: '40 united', by: '1 united', atMost: 4 }]);
  const script = new URL('machines.mjs', import.meta.url).pathname;
  const apart = counts.map((count): Contestant => {
    const { options } = material.ours('', []);
    const args = [script, material.kernel.tree, material.config, ...listings.slice(0, count)];
    return { name: `${count} machines`, file: process.execPath, args, options };
  });
  compare('Machines, each with a trim of its own, in one run', apart, [
    { of: '40 machines', by: '1 machines', atMost: 4 },
  ]);
}

/** Modules of the distribution's image, each name once. */
function moduleNames(): string[] {
  const order = readFileSync(join(material.kernel.image, 'modules.order'), 'latin1');
  return [...new Set([...order.matchAll(/([^/\n]+)\.ko$/gm)].map(([, name]) => name!))];
}

/** Runs contestants in turn and prints their medians, with the ratios that are wanted. */
function compare(
  title: string,
  contestants: readonly Contestant[],
  goals: readonly Goal[],
  times = rounds,
): Map<string, Sample[]> {
  const samples = interleaved(contestants, times);
  const middle = (name: string, of: 'wall' | 'cpu'): number => median(samples.get(name)!.map((sample) => sample[of]));
  print(`\n${title} (${times} rounds)\n`);
  const rows = contestants.map(({ name }) => {
    const memory = samples.get(name)!.flatMap(({ stderr }) => performanceLines(stderr).get('memory') ?? []);
    return [
      name,
      `${middle(name, 'wall').toFixed(3)} s`,
      `${middle(name, 'cpu').toFixed(2)} s`,
      memory.length > 0 ? `${Math.max(...memory).toFixed(0)} MiB` : '',
    ];
  });
  table(['', 'on the clock', 'processors', 'memory'], rows);
  if (goals.length === 0) return samples;
  print('');
  table(
    ['', 'clock', 'processors', 'wanted'],
    goals.map(({ of, by, atMost }) => [
      `${of} / ${by}`,
      (middle(of, 'wall') / middle(by, 'wall')).toFixed(2),
      (middle(of, 'cpu') / middle(by, 'cpu')).toFixed(2),
      `<= ${atMost}`,
    ]),
  );
  return samples;
}

/** Medians of what `--performance` printed, of the processor. */
function phases(runs: readonly (readonly [string, readonly Sample[]])[]): void {
  const lines = runs.map(([, samples]) => samples.map(({ stderr }) => performanceLines(stderr)));
  const names = [...new Set(lines.flat().flatMap((line) => [...line.keys()]))];
  print('');
  table(
    ['ms of the processor', ...runs.map(([name]) => name)],
    names.map((name) => [
      name,
      ...lines.map((samples) => median(samples.map((line) => line.get(name) ?? 0)).toFixed(0)),
    ]),
  );
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)));
  for (const row of [header, ...rows]) {
    print(
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]! + 2))).join(''),
    );
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
