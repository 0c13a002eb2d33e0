/**
 * Variables of a makefile that are expanded only when somebody asks for them. `:=` is honoured all the same: every
 * definition has a number, and a reference sees the definitions with smaller numbers than the line it stands on.
 *
 * So that a compiler is started for the few variables that conf reads, and not for the many that only a build needs.
 */

/** Where a variable comes from, as make's `$(origin)` ranks it. */
export type Origin = 'default' | 'environment' | 'file' | 'command line' | 'override';

/** A condition that is known only by running a program; false hides the definitions under it. */
export type Guard = () => boolean;

/** What a variable holds. */
export interface Content {
  /** The text is expanded already: nothing in it is a reference any more. */
  readonly simple: boolean;
  readonly text: string;
}

/** What a reference finds. */
export interface Found {
  readonly origin: Origin;
  /** Works the content out; may need a program. */
  readonly content: () => Content;
}

interface Definition extends Found {
  readonly time: number;
  readonly guards: readonly Guard[];
}

/** Expands a text as of a time. */
export type Expand = (text: string, time: number) => string;

/** The variables of one run of make. */
export class MakeScope {
  readonly #variables = new Map<string, Definition[]>();
  readonly #commandLine = new Set<string>();
  readonly #expand: Expand;
  /** Names that were looked up, there or not, and names that anything but the environment defined. */
  readonly concerned = new Set<string>();
  /** The number of the next definition. */
  time = 1;
  /** Conditions that hold for what is defined now. */
  guards: readonly Guard[] = [];

  constructor(expand: Expand) {
    this.#expand = expand;
  }

  /** The definition that a reference sees at a time; undefined where there is none. */
  find(name: string, time: number): Found | undefined {
    this.concerned.add(name);
    return this.#definition(name, time);
  }

  /**
   * `name = text`, `name := text` (simple), `name += text` (append). What the command line gave is changed by
   * `override` alone.
   */
  define(name: string, text: string, how: 'recursive' | 'simple' | 'append', origin: Origin): void {
    if (origin !== 'environment') this.concerned.add(name);
    if (this.#commandLine.has(name) && origin !== 'override') return;
    if (origin === 'command line') this.#commandLine.add(name);
    const time = this.time;
    const content = once(() => {
      const before = how === 'append' ? this.#definition(name, time)?.content() : undefined;
      const simple = how === 'simple' || before?.simple === true;
      const own = simple ? this.#expand(text, time) : text;
      return { simple, text: before ? join(before.text, own) : own };
    });
    const list = this.#variables.get(name) ?? [];
    list.push({ time, origin, content, guards: this.guards });
    this.#variables.set(name, list);
    this.time++;
  }

  #definition(name: string, time: number): Definition | undefined {
    const list = this.#variables.get(name);
    if (!list) return undefined;
    for (let at = list.length - 1; at >= 0; at--) {
      const definition = list[at]!;
      if (definition.time < time && definition.guards.every((guard) => guard())) return definition;
    }
    return undefined;
  }
}

/** A function that works out its value the first time and keeps it; one that throws is asked again. */
export function once<Value>(work: () => Value): () => Value {
  let known = false;
  let value: Value;
  return () => {
    if (!known) {
      value = work();
      known = true;
    }
    return value;
  };
}

function join(before: string, added: string): string {
  // As make 4.3 and later: no blank where one side is empty.
  return before === '' || added === '' ? before + added : `${before} ${added}`;
}
