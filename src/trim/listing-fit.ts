import { InputError } from '../diagnostics/diagnostic.ts';
import { moduleName } from '../kbuild/index.ts';
import type { LoadedModule, LoadedStatus } from './types.ts';

/** What fits a tree to less than this is hardly a listing of its modules. */
const LEAST_SHARE = 1 / 3;

/** What a name of a listing turned out to be. */
export interface FoundName {
  readonly name: string;
  readonly status: LoadedStatus;
  readonly note: string;
}

/** One listing. */
export interface NamedListing {
  readonly source: string;
  readonly modules: readonly Pick<LoadedModule, 'name'>[];
  /** Lines that name no module; they fit as little as a name that the tree does not have. */
  readonly ignoredLines: number;
  /** What a record says, where it is one. */
  readonly record?: unknown;
}

/**
 * Refuses a listing of which little is in the tree: names in capitals, another program's output, another
 * architecture's modules. A trim for it would leave a config without modules. Modules that are known to come from
 * outside the tree do not count.
 * @param found what became of the names, those of other listings among them
 * @throws InputError `listing-fits-little`
 */
export function requireFit({ source, modules, ignoredLines, record }: NamedListing, found: readonly FoundName[]): void {
  const names = new Set(modules.map(({ name }) => moduleName(name)));
  const named = found.filter(({ name, status }) => names.has(name) && status !== 'out-of-tree');
  const foreign = named.filter(({ status }) => status === 'unknown' || status === 'removed');
  const fits = named.length - foreign.length;
  const count = named.length + ignoredLines;
  if (named.length === 0 || fits >= count * LEAST_SHARE) return;
  const args = { file: source, count, fits, ignored: ignoredLines, looksLike: record ? 'record' : likeness(foreign) };
  throw new InputError({ code: 'listing-fits-little', args });
}

/** What most of the names have in common. */
function likeness(foreign: readonly FoundName[]): string {
  const most = (isSuch: (found: FoundName) => boolean): boolean => foreign.filter(isSuch).length * 2 > foreign.length;
  if (most(({ name }) => /[A-Z]/.test(name) && !/[a-z]/.test(name))) return 'capitals';
  if (most(({ note }) => note.startsWith('a module of another architecture'))) return 'other-architecture';
  return 'no-modules';
}
