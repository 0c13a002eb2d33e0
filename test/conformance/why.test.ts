/**
 * `why` on real kernels: it answers for every symbol and module of Debian's config, and each link of its chains is held
 * against the line of the tree that it names, read here as text, and against the evaluated config.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDotConfig } from '../../src/dotconfig/read.ts';
import { conditionSymbols, isModuleBuilt, type KbuildTree, moduleName } from '../../src/kbuild/index.ts';
import type { KSymbol } from '../../src/kconfig/symbol.ts';
import { renderText } from '../../src/report/styled-text.ts';
import { whyReport } from '../../src/report/why-text.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { buildLink, featureLink, neededByModule } from '../../src/trim/module-links.ts';
import type { TrimResult } from '../../src/trim/types.ts';
import { Explainer } from '../../src/trim/why.ts';
import type { Link, TrimmedView, WhyAnswer } from '../../src/trim/why-types.ts';
import { Configuration } from '../../src/values/configuration.ts';
import { runConf } from './conf-judge.ts';
import { describeKernels } from './describe-kernels.ts';
import type { Kernel } from './kernels.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase, type TrimBase, trimTo } from './trim-engine.ts';

const X86 = { arch: 'x86' };
const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Modules of the random machine. */
const LOADED = 90;
/** Of so many names that are off one is asked for the way to turn it on, which takes longest. */
const REMEDY_EVERY = FULL ? 1 : 60;
/** Remedies that the kernel's own conf tries. */
const REMEDIES_JUDGED = FULL ? 60 : 5;
/** Kept symbols that are tried off. */
const KEPT_TRIED = FULL ? 1000 : 60;
/** Links that are tried by turning off what they lead to. */
const LINKS_TRIED = FULL ? 2000 : 150;

/** The lines of the tree's files, as text. */
class TreeText {
  readonly #tree: string;
  readonly #files = new Map<string, readonly string[]>();

  constructor(tree: string) {
    this.#tree = tree;
  }

  lines(file: string): readonly string[] {
    let lines = this.#files.get(file);
    if (!lines) {
      lines = readFileSync(join(this.#tree, file), 'latin1').split('\n');
      this.#files.set(file, lines);
    }
    return lines;
  }

  /** The statement that starts on a line: what `\` joins, without comment. */
  statement({ file, line }: { file: string; line: number }): string {
    const lines = this.lines(file);
    let text = lines[line - 1] ?? '';
    for (let i = line; text.endsWith('\\'); i++) text = `${text.slice(0, -1)} ${lines[i] ?? ''}`;
    return text.trim();
  }

  /** The symbol whose definition a line of a Kconfig file stands in. */
  owner({ file, line }: { file: string; line: number }): string | undefined {
    const lines = this.lines(file);
    for (let i = line - 1; i >= 0; i--) {
      const found = /^\s*(?:menu)?config\s+(\w+)/.exec(lines[i]!);
      if (found) return found[1];
    }
    return undefined;
  }

  /** The conditionals of make around a line: `ifdef CONFIG_X`, `ifeq ($(CONFIG_X),y)`. */
  conditionals({ file, line }: { file: string; line: number }): string {
    const open: string[] = [];
    for (const text of this.lines(file).slice(0, line - 1)) {
      if (/^\s*if(n?def|n?eq)\b/.test(text)) open.push(text);
      else if (/^\s*endif\b/.test(text)) open.pop();
    }
    return open.join(' ');
  }
}

const names = (text: string, word: string): boolean => new RegExp(`(?<!\\w)${word}(?!\\w)`).test(text);

/** What is wrong with a link, by the text of the line that it names; null for nothing. */
function wrongInText(link: Link, text: TreeText, kbuild: KbuildTree): string | null {
  const { kind, from, to, at } = link;
  if (!at) return 'no place';
  const statement = text.statement(at);
  const owner = text.owner(at);
  const says = (pattern: RegExp, whose: string | null, what: string): string | null => {
    if (!pattern.test(statement)) return `another statement: ${statement}`;
    if (whose !== null && owner !== whose) return `of ${owner}: ${statement}`;
    return names(statement, what) ? null : `does not name ${what}: ${statement}`;
  };
  const CONDITION = /^(depends\s+on|if)\b/;
  const DEFAULT = /^(default|def_bool|def_tristate)\b/;
  switch (kind) {
    case 'depends':
      return says(CONDITION, /^depends/.test(statement) && owner === from ? from : null, to);
    case 'brings':
      if (!names(link.condition, from)) return `${link.condition} does not name ${from}`;
      return owner === to && DEFAULT.test(statement) ? null : `no default of ${to}: ${statement}`;
    case 'prompt':
      return says(/^(bool|tristate|prompt|visible\s+if|def_)/, null, to);
    case 'selects':
      return says(/^select\b/, from, to);
    case 'implies':
      return says(/^imply\b/, from, to);
    case 'selected-by':
      return says(/^select\b/, to, from);
    case 'implied-by':
      return says(/^imply\b/, to, from);
    case 'select-condition':
      return says(/^select\b.*\bif\b/, null, to);
    case 'default':
      return says(DEFAULT, from, to);
    case 'sets-default':
      return says(DEFAULT, to, from);
    case 'stays':
      return says(/^(menu)?config\b/, to, to);
    case 'feature':
      if (CONDITION.test(statement)) {
        const owners = kbuild.modules.byName(from).flatMap((entry) => entry.decidingSymbols);
        return owners.some((each) => names(statement, each))
          ? null
          : `names none of ${owners.join(', ')}: ${statement}`;
      }
      return owner === to || names(`${statement} ${text.conditionals(at)}`, `CONFIG_${to}`) ? null : statement;
    default: {
      const symbol = `CONFIG_${kind === 'builds' || kind === 'gated-by' ? to : from}`;
      const here = `${statement} ${text.conditionals(at)}`;
      return names(here, symbol) ? null : `does not name ${symbol}: ${statement}`;
    }
  }
}

/** Links from a loaded module. */
const STARTS: ReadonlySet<Link['kind']> = new Set(['builds', 'gated-by', 'feature']);

/** What is wrong with a chain as a whole. */
function wrongInChain(chain: readonly Link[], loaded: ReadonlySet<string>, target: string): string | null {
  const [first] = chain;
  if (!first) return null;
  const starts = first.kind === 'stays' || (STARTS.has(first.kind) && loaded.has(first.from));
  if (!starts) return `starts with ${first.kind} ${first.from}`;
  const broken = chain.findIndex((link, i) => i > 0 && link.from !== chain[i - 1]!.to);
  if (broken > 0) return `breaks at ${chain[broken]!.from}`;
  return chain.at(-1)!.to === target ? null : `ends at ${chain.at(-1)!.to}`;
}

interface Case {
  readonly base: TrimBase;
  readonly result: TrimResult;
  readonly explainer: Explainer;
  /** Names of the modules that the trim keeps because they, or what became them, are loaded. */
  readonly loaded: ReadonlySet<string>;
  readonly text: TreeText;
}

function prepare(kernel: Kernel, seed: number): Case {
  const base = readTrimBase(kernel, X86, readFileSync(kernel.configs[0]!, 'latin1'));
  const image = readFileSync(join(kernel.image, 'modules.list'), 'latin1').split('\n').filter(Boolean);
  const result = trimTo(base, random(seed).pick(image, LOADED).map(moduleName));
  const explainer = new Explainer({ base: base.config, kbuild: base.kbuild, trimmed: result });
  const loaded = new Set(
    result.loaded.flatMap(({ name, path }) => (path === null ? [name] : [name, moduleName(path)])),
  );
  return { base, result, explainer, loaded, text: new TreeText(kernel.tree) };
}

const namedSymbols = ({ base }: Case): KSymbol[] =>
  base.kconfig.symbols.all.filter((symbol) => symbol.constant === null && !symbol.isChoice && !symbol.quoted);

function asText(answer: WhyAnswer): string {
  const tree = { version: '0', arch: 'x86' };
  const report = {
    name: answer.name,
    tree,
    config: 'config',
    listings: [],
    loaded: new Set<string>(),
    answers: [answer],
  };
  return renderText(whyReport(report, { verbose: true }), false);
}

describeKernels('why on real kernels', (kernels) => {
  const seed = sampleSeed();
  for (const kernel of kernels) {
    describe(`${kernel.version} (seed ${seed})`, () => {
      let test: Case;
      const views: [string, TrimmedView][] = [];
      const remedies: [string, readonly { symbol: string; value: string }[]][] = [];

      beforeAll(() => {
        test = prepare(kernel, seed);
      });

      it('answers for every symbol', () => {
        const { explainer, base } = test;
        const wrong: string[] = [];
        namedSymbols(test).forEach((symbol, i) => {
          const answer = explainer.symbol(symbol, (i + seed) % REMEDY_EVERY === 0);
          const value = symbol.type === 'unknown' ? 'n' : base.config.text(symbol);
          if (answer.value !== value) wrong.push(`${symbol.name}: ${answer.value}`);
          const hasNoSay = answer.prompt !== null && answer.value === 'n' && base.config.visibility(symbol) === 0;
          if (hasNoSay && symbol.type !== 'string' && answer.blockers.length === 0)
            wrong.push(`${symbol.name}: why off?`);
          if (!asText(answer).startsWith(`${symbol.name}=`)) wrong.push(`${symbol.name}: ${asText(answer)}`);
          if (answer.remedy) remedies.push([symbol.name!, answer.remedy.changes]);
          views.push([symbol.name!, answer.trimmed!]);
        });
        expect(wrong).toEqual([]);
      });

      it('answers for every module', () => {
        const { explainer, base } = test;
        const wrong: string[] = [];
        let i = seed;
        for (const entry of base.kbuild.modules.all()) {
          const answer = explainer.module(entry, i++ % REMEDY_EVERY === 0);
          // Its lines are wrapped at 80 columns.
          const words = asText(answer).replace(/\s+/g, ' ');
          if (!words.startsWith(`${entry.name} module ${entry.path}.ko `)) wrong.push(asText(answer));
          if (answer.value === 'n' && answer.blockers.length === 0) wrong.push(`${entry.path}: why off?`);
          views.push([entry.name, answer.trimmed!]);
        }
        expect(wrong).toEqual([]);
      });

      it('finds each name that it is asked', () => {
        const { explainer, base } = test;
        const draw = random(seed);
        const symbols = draw.pick(namedSymbols(test), 60).map((symbol) => symbol.name!);
        const modules = draw.pick([...base.kbuild.modules.all()], 60).map(({ path }) => path);
        const lost = [
          ...symbols,
          ...symbols.map((name) => `CONFIG_${name}`),
          ...modules,
          ...modules.map((path) => `${path}.ko`),
        ];
        expect(lost.filter((name) => explainer.answer(name).length === 0)).toEqual([]);
      });

      it('leads a chain to every module that is kept', () => {
        const { result } = test;
        const kept = namedSymbols(test).filter((symbol) => result.config.tristate(symbol) === 1);
        const byName = new Map(views);
        expect(kept.length).toBeGreaterThan(LOADED);
        expect(kept.filter((symbol) => byName.get(symbol.name!)!.chain.length === 0).map(({ name }) => name)).toEqual(
          [],
        );
      });

      it('says of kept symbols what is lost without them', () => {
        const { result, base, loaded } = test;
        const { symbols } = base.kconfig;
        const wrong: string[] = [];
        for (const { symbol, reason, for: names } of random(seed).pick(result.kept, KEPT_TRIED)) {
          const line = new RegExp(`^CONFIG_${symbol}=.*$`, 'm');
          const without = new Configuration(base.kconfig);
          readDotConfig(without, result.text.replace(line, `# CONFIG_${symbol} is not set`), { file: 'tried' });
          const isOff = without.tristate(symbols.find(symbol)!) === 0;
          if (reason === 'loaded') {
            const owners = names.flatMap((name) => base.kbuild.modules.byName(name));
            const owns = owners.some((entry) => entry.decidingSymbols.includes(symbol));
            if (!owns || !names.every((name) => loaded.has(name))) wrong.push(`${symbol}: loaded ${names.join(' ')}`);
            continue;
          }
          if (reason === 'forced' ? isOff : !isOff) wrong.push(`${symbol}: ${reason}, off ${isOff}`);
          if (reason === 'forced') continue;
          const lookup = kbuildLookup(without);
          const isKept = (name: string): boolean => {
            const entries = base.kbuild.modules.byName(name).filter((entry) => isModuleBuilt(entry, lookup));
            const feature = symbols.find(name);
            return entries.length > 0 || (feature !== undefined && without.tristate(feature) !== 0);
          };
          if (names.length === 0) wrong.push(`${symbol}: ${reason} for nothing`);
          for (const name of names.filter(isKept)) wrong.push(`${symbol}: ${reason} for ${name}, which stays`);
        }
        expect(wrong).toEqual([]);
      });

      it('makes chains of links that hold', () => {
        const { base, loaded, text } = test;
        const wrong: string[] = [];
        const seen = new Map<string, Link>();
        for (const [name, { chain }] of views) {
          const broken = wrongInChain(chain, loaded, name);
          if (broken) wrong.push(`${name}: ${broken}`);
          for (const link of chain) seen.set(JSON.stringify(link), link);
        }
        for (const link of seen.values()) {
          const reason = wrongInText(link, text, base.kbuild);
          if (reason)
            wrong.push(`${link.kind} ${link.from} -> ${link.to} ${link.at?.file}:${link.at?.line}: ${reason}`);
        }
        expect(seen.size).toBeGreaterThan(500);
        expect(wrong).toEqual([]);
      });

      it('finds the line that names a symbol for all that decides on modules', () => {
        const { base, text } = test;
        const { kbuild, kconfig } = base;
        const lookup = kbuildLookup(base.config);
        const links: Link[] = [];
        for (const entry of kbuild.modules.all()) {
          for (const symbol of neededByModule(entry, lookup)) links.push(buildLink(entry, symbol, kbuild));
          if (!entry.isComposite) continue;
          const mentions = entry.objects.flatMap((object) => object.mentions);
          for (const name of new Set(mentions.flatMap(({ when }) => conditionSymbols(when)))) {
            const symbol = kconfig.symbols.find(name);
            if (symbol) links.push(featureLink({ module: entry, symbol }, kbuild, kconfig));
          }
        }
        const wrong = links.flatMap((link) => {
          const reason = wrongInText(link, text, kbuild);
          return reason === null ? [] : [`${link.kind} ${link.from} -> ${link.to}: ${reason}`];
        });
        expect(links.length).toBeGreaterThan(5000);
        expect(wrong).toEqual([]);
      });

      it('names selects and needs that are true in the evaluated config', () => {
        const { result, base } = test;
        const { symbols } = base.kconfig;
        const links = [
          ...new Map(views.flatMap(([, { chain }]) => chain).map((link) => [JSON.stringify(link), link])).values(),
        ];
        const wrong: string[] = [];
        for (const { kind, from, to } of links) {
          if (kind !== 'selects') continue;
          const [selector, target] = [symbols.find(from)!, symbols.find(to)!];
          const isOn = result.config.tristate(selector) > 0 && result.config.reverseDependency(target) > 0;
          if (!isOn) wrong.push(`${from} selects ${to}`);
        }
        // A user's n counts only where the symbol can be seen and nothing selects it.
        const config = result.config.clone();
        const open = links.filter(({ kind, to }) => {
          const target = symbols.find(to);
          return (
            kind === 'depends' && target && config.visibility(target) > 0 && config.reverseDependency(target) === 0
          );
        });
        for (const { from, to } of random(seed).pick(open, LINKS_TRIED)) {
          const [needing, needed] = [symbols.find(from)!, symbols.find(to)!];
          if (needed.choice) continue;
          const before = config.userValue(needed);
          config.set(needed, 0);
          if (config.directDependency(needing) !== 0 && !needing.choice) wrong.push(`${from} does not need ${to}`);
          if (before === null) config.clear(needed);
          else config.set(needed, before);
        }
        expect(open.length).toBeGreaterThan(50);
        expect(wrong).toEqual([]);
      });

      it("turns on what it says turns it on, by the kernel's conf", () => {
        expect(remedies.length).toBeGreaterThan(50);
        const text = readFileSync(kernel.configs[0]!, 'latin1');
        for (const [name, changes] of random(seed).pick(remedies, REMEDIES_JUDGED)) {
          const lines = changes.map(({ symbol, value }) => `CONFIG_${symbol}=${value}\n`).join('');
          const run = { kernel, arch: X86, target: 'olddefconfig', config: text + lines, answers: 'real' } as const;
          const shown = changes.map(({ symbol, value }) => `${symbol}=${value}`).join(' ');
          expect(runConf(run).config, `${name} by ${shown}`).toMatch(new RegExp(`^CONFIG_${name}=[my]$`, 'm'));
        }
      });
    });
  }
});
