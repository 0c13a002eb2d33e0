/**
 * Whether drivers that a record says are bound to devices are traced to the symbols that build them. The judge is GNU
 * make: with one of the symbols off, what the driver comes from is no longer built.
 */
import { readFileSync } from 'node:fs';
import { normalize } from 'node:path';
import { type Provider, ProviderMap } from '../../src/evidence/provider-map.ts';
import type { ConfigLookup, KbuildTree } from '../../src/kbuild/index.ts';
import { factsOf, type MachineRecord, textOf } from '../../src/machine/record/format.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { Sources } from '../../src/sources/sources.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { judgeBuild } from './kbuild-make-judge.ts';
import type { Kernel } from './kernels.ts';
import { readTrimBase } from './trim-engine.ts';

/** A driver that has a device, and what it comes from; of an unknown one nothing. */
export interface TracedDriver {
  readonly bus: string;
  readonly name: string;
  /** The module that the kernel which ran names; null where it names none. */
  readonly owner: string | null;
  readonly providers: readonly Provider[];
}

/** Traces drivers to symbols with Debian's own configuration, and has make judge. */
export class DriverJudge {
  readonly #tree: string;
  /** The configuration's text. */
  readonly #text: string;
  readonly #kbuild: KbuildTree;
  readonly #map: ProviderMap;
  readonly #lookup: ConfigLookup;
  readonly #judged = new Map<string, readonly string[]>();

  constructor({ tree, configs, ...kernel }: Kernel) {
    this.#tree = tree;
    this.#text = readFileSync(configs.find((path) => path.includes('none_amd64'))!, 'latin1');
    const { config, kbuild } = readTrimBase({ tree, configs, ...kernel }, { arch: 'x86_64' }, this.#text);
    this.#lookup = kbuildLookup(config);
    this.#kbuild = kbuild;
    const { units } = kbuild.build(this.#lookup);
    const sources = new Sources(new NodeFileSystem(), tree);
    this.#map = new ProviderMap({ kbuild, sources, units, lookup: this.#lookup });
  }

  /** Those drivers of a record that have a device. */
  bound(record: MachineRecord): TracedDriver[] {
    return [...factsOf(record, 'driver')]
      .filter(({ count }) => count > 0)
      .map(({ fields }) => {
        const [bus = '', name = '', owner = '-'] = fields;
        const answer = this.#map.find('driver', fields);
        const providers = answer.kind === 'mapped' ? answer.providers : [];
        return { bus: textOf(bus), name: textOf(name), owner: owner === '-' ? null : owner, providers };
      });
  }

  /** What the judge does not agree with. */
  faults({ providers }: TracedDriver): readonly string[] {
    return providers.flatMap((provider) => {
      const key = `${provider.unit ?? provider.module?.path} ${provider.symbols.join(' ')}`;
      const known = this.#judged.get(key) ?? this.#judge(provider);
      this.#judged.set(key, known);
      return known;
    });
  }

  #judge(provider: Provider): string[] {
    const { unit, module, symbols, isBuilt } = provider;
    const what = unit ?? module!.path;
    if (!isBuilt) return [`${what} is not built at all`];
    // Built whatever the configuration: then it is with nothing on.
    if (symbols.length === 0) return this.#makes(provider, '') ? [] : [`${what} is not built without symbols`];
    const isAlone = symbols.every((symbol) => !this.#walks(provider, [symbol]));
    const tries = isAlone ? symbols.map((symbol) => [symbol]) : [symbols];
    return tries
      .filter((off) => this.#makes(provider, withoutSymbols(this.#text, off)))
      .map((off) => `${what} is built without ${off.join(' and ')}`);
  }

  /** Whether this program says that it is built with symbols off. */
  #walks(provider: Provider, off: readonly string[]): boolean {
    const lookup: ConfigLookup = (name) => (off.includes(name) ? undefined : this.#lookup(name));
    const { units, builtin, modules } = this.#kbuild.build(lookup);
    return isAmong(
      provider,
      modules.map(({ path }) => path),
      [...units, ...builtin],
    );
  }

  /** Whether GNU make says that it is built. */
  #makes(provider: Provider, text: string): boolean {
    const { builtin, modular, modules } = judgeBuild(this.#tree, 'x86_64', text);
    return isAmong(provider, modules, [...builtin, ...modular]);
  }
}

function isAmong({ unit, module }: Provider, modules: Iterable<string>, objects: readonly string[]): boolean {
  if (unit === null && [...modules].includes(module!.path)) return true;
  const wanted = unit === null ? [`${module!.path}.o`, ...module!.objects.map(({ path }) => path)] : [unit];
  const made = new Set(objects.map((object) => normalize(object)));
  return wanted.some((path) => made.has(normalize(path)));
}

function withoutSymbols(text: string, symbols: readonly string[]): string {
  return symbols.reduce(
    (left, symbol) => left.replace(new RegExp(`^CONFIG_${symbol}=.*$`, 'm'), `# CONFIG_${symbol} is not set`),
    text,
  );
}
