import type { Line, SymbolEntry, SymbolIndex } from '../report/html/page-data.ts';

/** Chains do not get longer; a loop in the data must not end in one here. */
const LONGEST_CHAIN = 100;

/** A name that the search knows. */
export interface Known {
  readonly name: string;
  readonly kind: 'symbol' | 'module';
  /** `m → n`, `stays m`. */
  readonly state: string;
  readonly isOff: boolean;
  /** Why, from a loaded module on. */
  lines(): readonly Line[];
}

/** Says why symbols and modules are what they are. */
export class Explanations {
  readonly all: readonly Known[];
  readonly #index: SymbolIndex;
  readonly #symbols: ReadonlyMap<string, SymbolEntry>;
  readonly #names: ReadonlySet<string>;

  constructor(index: SymbolIndex) {
    this.#index = index;
    this.#symbols = new Map(index.symbols.map((entry) => [entry[0], entry]));
    this.all = [
      ...index.symbols.map(
        ([name, values]): Known => ({ name, kind: 'symbol', ...stateOf(values), lines: () => this.chainTo(name) }),
      ),
      ...index.modules.flatMap(([directory, modules]) =>
        modules.map(([file, values, ...symbols]): Known => {
          const path = directory === '' ? file : `${directory}/${file}`;
          const lines = (): Line[] => this.#moduleLines(path, symbols);
          return { name: moduleName(file), kind: 'module', ...stateOf(values), lines };
        }),
      ),
    ];
    this.#names = new Set(this.all.map(({ name }) => name));
  }

  /** Whether a symbol or module of this name is known. */
  knows(name: string): boolean {
    return this.#names.has(name);
  }

  /** Why a symbol is what it is: the chain that leads to it, or a sentence; nothing for what is not known. */
  chainTo(name: string): Line[] {
    const lines: Line[] = [];
    for (let at: string = name; at !== '' && lines.length < LONGEST_CHAIN; ) {
      const entry = this.#symbols.get(at);
      if (!entry) break;
      const [, , reason] = entry;
      if (typeof reason === 'number') {
        const text = this.#index.texts[reason]!;
        lines.unshift({ text: at === name ? text : `${at}: ${text}`, at: '' });
        break;
      }
      const [from, text, place] = reason;
      lines.unshift({ text, at: place });
      at = from;
    }
    return lines;
  }

  #moduleLines(path: string, symbols: readonly number[]): Line[] {
    const names = symbols.map((index) => this.#index.symbols[index]![0]);
    const built = { text: `${path}.ko${names.length > 0 ? ` is built by ${names.join(', ')}` : ''}`, at: '' };
    return [built, ...names.flatMap((name) => this.chainTo(name))];
  }
}

/** As modprobe writes it. */
const moduleName = (file: string): string => file.replaceAll('-', '_');

/** @param values before and after: `mn` */
function stateOf(values: string): Pick<Known, 'state' | 'isOff'> {
  const [before = '', after = ''] = values;
  return { state: before === after ? `stays ${after}` : `${before} → ${after}`, isOff: after === 'n' };
}
