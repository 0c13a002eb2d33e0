import type { KSymbol } from '../../kconfig/symbol.ts';
import type { DeepScope } from '../types.ts';
import type { UnitUse } from './unit-use.ts';

/** Who used a symbol's code in the base config. */
export interface Users {
  /** Those that are gone by what the machine shows. */
  readonly gone: readonly KSymbol[];
  /** Those that stay. */
  readonly left: readonly KSymbol[];
}

/**
 * What the reason is: its code announces itself and is not used; it has no code or announces nothing, and only what is
 * gone used it; or it announces itself nowhere, and that is enough.
 */
export type GroundKind = 'unused' | 'infrastructure' | 'silent';

/** Names and facts that a text names before the rest is counted. */
const SHOWN = 3;

/** Whether the code that a symbol decides on may go, and why. */
export class Ground {
  readonly kind: GroundKind;
  readonly isEnough: boolean;
  /** Lines of a record, or why it is not enough. */
  readonly text: string;

  private constructor(kind: GroundKind, isEnough: boolean, text: string) {
    this.kind = kind;
    this.isEnough = isEnough;
    this.text = text;
  }

  /**
   * @param uses of the units that the symbol decides on
   * @param knowsUsers whether it is known who else announces itself and is used: a listing is silent on users
   * @param users called where its code announces itself nowhere
   */
  static of(uses: readonly UnitUse[], scope: DeepScope, knowsUsers: boolean, users: () => Users): Ground {
    const evidence = new Set<string>();
    for (const use of uses) {
      if (use.kind === 'used') return new Ground('unused', false, use.by);
      if (use.kind === 'unseen') return new Ground('unused', false, `no record tells of ${use.what}`);
      if (use.kind === 'unused') for (const line of use.evidence) evidence.add(line);
    }
    if (evidence.size > 0) return new Ground('unused', true, list([...evidence]));
    const present = uses.find(({ kind }) => kind === 'present');
    if (present?.kind === 'present') return new Ground('silent', false, `${present.by}: somebody may open it`);
    if (uses.length > 0 && scope === 'bold') return new Ground('silent', true, 'announces itself nowhere');
    if (!knowsUsers) return new Ground('infrastructure', false, 'a listing does not tell who uses it');
    const { gone, left } = users();
    if (left.length > 0) return new Ground('infrastructure', false, `${list(names(left))} may use it`);
    if (gone.length === 0) return new Ground('infrastructure', false, 'announces itself nowhere (--deep=bold)');
    return new Ground('infrastructure', true, `only what is gone used it: ${list(names(gone))}`);
  }
}

const names = (symbols: readonly KSymbol[]): string[] => [...new Set(symbols.map(({ name }) => name!))].sort();

function list(texts: readonly string[]): string {
  const more = texts.length - SHOWN;
  return texts.slice(0, SHOWN).join(', ') + (more > 0 ? `, and ${more} more` : '');
}
