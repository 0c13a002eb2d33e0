/** Programs that stand before a compiler: what they have compiled before, or hand to other machines, takes no time here. */
export interface Launcher {
  readonly name: string;
  /** What it saves, to follow its name. */
  readonly gain: string;
  /** What it answers to about its cache; null for one that has none. */
  readonly statistics: { readonly words: readonly string[]; read(text: string): CacheCount | null } | null;
}

/** How often a cache had what was asked for. */
export interface CacheCount {
  readonly hits: number;
  readonly misses: number;
}

const CACHES = 'steps share most of their units, and it compiles each but once';
const SPREADS = 'it hands units to other machines';

/** Those that there are, in the order in which one is offered. */
export const LAUNCHERS: readonly Launcher[] = [
  { name: 'ccache', gain: CACHES, statistics: { words: ['--print-stats'], read: readCcache } },
  { name: 'sccache', gain: CACHES, statistics: { words: ['--show-stats', '--stats-format=json'], read: readSccache } },
  { name: 'icecc', gain: SPREADS, statistics: null },
  { name: 'distcc', gain: SPREADS, statistics: null },
];

/** The one that stands before a compiler. @param compiler as `CC` is; null for none */
export function launcherOf(compiler: string): Launcher | null {
  const first = compiler.trim().split(/\s/)[0]!.replace(/^.*\//, '');
  return LAUNCHERS.find(({ name }) => name === first) ?? null;
}

/** What a build asked a cache for. */
export function countSince(before: CacheCount, after: CacheCount): CacheCount {
  return { hits: after.hits - before.hits, misses: after.misses - before.misses };
}

/** Lines of a name, a tab and a number. */
function readCcache(text: string): CacheCount | null {
  const value = (name: string): number => Number(RegExp(`^${name}\\t(\\d+)$`, 'm').exec(text)?.[1] ?? NaN);
  const hits = value('direct_cache_hit') + value('preprocessed_cache_hit');
  return count(hits, value('cache_miss'));
}

/** `stats.cache_hits.counts` and `stats.cache_misses.counts`, by language. */
function readSccache(text: string): CacheCount | null {
  try {
    const { stats } = JSON.parse(text) as { stats: Record<string, { counts: Record<string, number> }> };
    const sum = (name: string): number => Object.values(stats[name]!.counts).reduce((all, each) => all + each, 0);
    return count(sum('cache_hits'), sum('cache_misses'));
  } catch {
    return null;
  }
}

const count = (hits: number, misses: number): CacheCount | null =>
  Number.isNaN(hits + misses) ? null : { hits, misses };
