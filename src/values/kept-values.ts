/** What a configuration knows of symbols, as numbers and texts that are kept between runs. */
import { createHash } from 'node:crypto';
import type { Packer, Unpacker } from '../cache/packed.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import { SymbolValues, VALUE_COLUMNS } from './symbol-values.ts';

/** Writes values for `unpackValues`. */
export function packValues(values: SymbolValues, out: Packer): void {
  for (const name of VALUE_COLUMNS) out.octets(values[name]);
  packTexts(values.text, '', out);
  packTexts(values.userText, null, out);
  out.ints(Array.from(values.unmet, ({ id }) => id));
}

/** @param symbols those of the tree that the values are of, or of the same tree in another run */
export function unpackValues(symbols: readonly KSymbol[], input: Unpacker): SymbolValues {
  const columns = Object.fromEntries(VALUE_COLUMNS.map((name) => [name, input.octets()])) as Record<
    (typeof VALUE_COLUMNS)[number],
    Uint8Array
  >;
  const text = unpackTexts(symbols.length, '', input);
  const userText = unpackTexts<string | null>(symbols.length, null, input);
  const unmet = new Set(Array.from(input.ints(), (id) => symbols[id]!));
  return new SymbolValues(symbols, { ...columns, text, userText, unmet });
}

/** A digest of what symbols are and which of them are written. */
export function digestOf({ tri, write, text }: SymbolValues): string {
  return createHash('sha256').update(tri).update(write).update(JSON.stringify(text)).digest('hex');
}

/** Most symbols have none: only the others are written, id and text. */
function packTexts<None extends string | null>(texts: readonly (string | None)[], none: None, out: Packer): void {
  const ids = texts.flatMap((text, id) => (text === none ? [] : [id]));
  out.ints(ids);
  out.ints(ids.map((id) => out.reference(texts[id]!)));
}

function unpackTexts<Text extends string | null>(count: number, none: Text, input: Unpacker): (string | Text)[] {
  const texts = new Array<string | Text>(count).fill(none);
  const [ids, references] = [input.ints(), input.ints()];
  for (let i = 0; i < ids.length; i++) texts[ids[i]!] = input.textOf(references[i]!);
  return texts;
}
