import type { Position } from '../diagnostics/diagnostic.ts';
import type { Message, OutputLine } from './output-line.ts';
import { type BuildPlaces, objectOf, treePath } from './tree-path.ts';

/** Why a build stopped, as far as its output tells. */
export interface Failure {
  /** What make could not make, relative to the build directory; null where it does not say. */
  readonly target: string | null;
  /** Relative to the tree; line 0 where only the file is known. */
  readonly at: Position | null;
  readonly message: string;
  /** The lines of output around the message. */
  readonly excerpt: readonly string[];
  /** Other targets that failed, for as long as make went on. */
  readonly others: readonly string[];
}

/** An error with what the compiler says around it. */
interface ErrorBlock {
  readonly message: Message;
  at: Position | null;
  /** The number of its line. */
  readonly line: number;
  readonly before: readonly string[];
  readonly after: string[];
  /** Files that the place was included from. */
  readonly included: readonly string[];
}

/** Enough for any one failure; a build that prints more has failed long before. */
const MAX_BLOCKS = 500;
/** Lines of source and notes that are shown below an error. */
const LINES_AFTER = 8;
/** Lines above it: where the file was included from, which function it is in. */
const LINES_BEFORE = 6;
/** Lines that are shown where no error was understood. */
const LAST_LINES = 8;
/** An error that is further above make's own line has nothing to do with it. */
const NEAR_LINES = 400;

/** Lines that belong to the error above: source with carets, notes, what is missing. */
const DETAIL = /^\s*\d* *\||^\s*[\^~]|: note: |^(?:\t|\s{3,})\S|^ *= |^>>> /;
/** make says where it is. */
const DIRECTORY = /^\S*make(?:\[\d+\])?: (?:Entering|Leaving) directory /;
/** make speaks of its command line, or of what it cannot start with. */
const MAKE_SAYS = /^\S*make: (?!warning: |\*\*\* )(.+)$/;
const FUNCTION =
  /: (?:In|At) (?:function|member function|top level)|^(?:\S*ld\S*: )?\S+: in function |Assembler messages:$/;

/** Finds the first failure of a build in its output. */
export class FailureFinder {
  readonly #places: BuildPlaces;
  readonly #blocks: ErrorBlock[] = [];
  readonly #stops: { readonly target: string | null; readonly message: string; readonly line: number }[] = [];
  readonly #last: string[] = [];
  #open: ErrorBlock | null = null;
  #before: string[] = [];
  #included: string[] = [];
  #line = 0;
  /** What came last before make's first complaint. */
  #lastAtStop: readonly string[] = [];
  /** What make said before anything was begun; null where something was. */
  #refusal: string | null | undefined;

  constructor(places: BuildPlaces) {
    this.#places = places;
  }

  /** Takes the next line of output. */
  add(line: OutputLine): void {
    this.#line++;
    if (line.kind !== 'step' && line.kind !== 'stop' && !DIRECTORY.test(line.text)) {
      this.#last.push(line.text);
      if (this.#last.length > LAST_LINES) this.#last.shift();
    }
    if (this.#refusal === undefined) this.#refusal = refusalOf(line);
    switch (line.kind) {
      case 'stop':
        this.#stop(line.target, line.message);
        break;
      case 'step':
        this.#open = null;
        this.#forget();
        break;
      case 'included':
        this.#open = null;
        this.#included.push(line.file);
        this.#keepBefore(line.text);
        break;
      case 'place':
        if (this.#open && this.#open.at === null) this.#open.at = line.at;
        this.#open?.after.push(line.text);
        break;
      case 'message':
        this.#message(line);
        break;
      default:
        this.#other(line.text);
    }
  }

  /** The first failure; null where make did not complain and no program did. */
  first(): Failure | null {
    const [stop] = this.#stops;
    const leaves = this.#leaves();
    const block = this.#blockOf(stop?.target ?? null, stop?.line ?? this.#line + 1, leaves);
    if (!stop && !block) {
      return this.#refusal ? { target: null, at: null, message: this.#refusal, excerpt: [], others: [] } : null;
    }
    const own = block && this.#objects(block).find((object) => leaves.includes(object));
    const target = own ?? stop?.target ?? null;
    const others = leaves.filter((leaf) => leaf !== target);
    if (!block) return { target, at: null, message: stop!.message, excerpt: this.#lastAtStop, others };
    return {
      target,
      at: block.at && { ...block.at, file: treePath(block.at.file, this.#places) },
      message: block.message.message,
      excerpt: [...block.before, block.message.text, ...block.after],
      others,
    };
  }

  #stop(target: string | null, message: string): void {
    if (this.#stops.length === 0) this.#lastAtStop = [...this.#last];
    this.#stops.push({ target, message, line: this.#line });
    this.#open = null;
    this.#forget();
  }

  #message(line: Message): void {
    if (line.severity === 'error' && this.#blocks.length < MAX_BLOCKS) {
      this.#open = {
        message: line,
        at: line.at,
        line: this.#line,
        before: this.#before,
        after: [],
        included: this.#included,
      };
      this.#blocks.push(this.#open);
    } else this.#open = null;
    this.#forget();
  }

  #other(text: string): void {
    if (FUNCTION.test(text)) {
      this.#open = null;
      this.#keepBefore(text);
    } else if (this.#open && DETAIL.test(text)) {
      if (this.#open.after.length < LINES_AFTER) this.#open.after.push(text);
    } else this.#open = null;
  }

  #keepBefore(text: string): void {
    if (this.#before.length < LINES_BEFORE) this.#before.push(text);
  }

  #forget(): void {
    this.#before = [];
    this.#included = [];
  }

  /** The targets that failed themselves: not those that only contain one that did. */
  #leaves(): string[] {
    const named = this.#stops.flatMap(({ target }) => (target === null ? [] : [target]));
    const first = this.#stops[0]?.target;
    return [...new Set(named)].filter((target) => target === first || /[^/.]\.\w+$/.test(target));
  }

  #blockOf(target: string | null, stopLine: number, leaves: readonly string[]): ErrorBlock | null {
    const near = this.#blocks.filter(({ line }) => line < stopLine && line > stopLine - NEAR_LINES);
    const of = (wanted: string): ErrorBlock | undefined =>
      this.#blocks.find((block) => this.#objects(block).includes(wanted));
    const found = target === null ? undefined : of(target);
    if (found) return found;
    const other = leaves.map(of).find((block) => block !== undefined);
    return other ?? near[0] ?? null;
  }

  /** The objects that an error can belong to. */
  #objects({ at, included, message }: ErrorBlock): string[] {
    const files = [...included, ...(at ? [at.file] : [])].map((file) => treePath(file, this.#places));
    // modpost and objtool name what they looked at: `ERROR: modpost: "x" [drivers/y.ko] undefined!`
    const named = /\[(\S+\.ko)\]/.exec(message.message)?.[1];
    return [...files.map(objectOf), ...(named === undefined ? [] : [named])];
  }
}

/** What make says where it does not begin; null where it has begun; undefined where a line says nothing of that. */
function refusalOf({ kind, text }: OutputLine): string | null | undefined {
  if (kind === 'step') return null;
  if (DIRECTORY.test(text)) return undefined;
  const said = MAKE_SAYS.exec(text)?.[1];
  // getopt names the program by its path.
  return said && `make: ${said}`;
}
