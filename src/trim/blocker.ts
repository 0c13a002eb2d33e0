import type { Position } from '../diagnostics/diagnostic.ts';

/** A condition that fails, and the operands that make it fail. */
export interface Blocker {
  /** `depends`: of the symbol itself; `enclosing`: of a menu, if or choice around it; the others of one property. */
  readonly kind: 'depends' | 'enclosing' | 'prompt' | 'select' | 'default' | 'builds' | 'choice';
  /** Whose: a symbol's name, or a menu's text. */
  readonly of: string;
  readonly condition: string;
  readonly at: Position | null;
  readonly operands: readonly FailingOperand[];
}

/** A part of a condition that fails, with the value that makes it fail. */
export interface FailingOperand {
  /** As written: `I2C`, `!EXPERT`, `NR_CPUS>1`. */
  readonly text: string;
  readonly symbol: string;
  readonly value: string;
}
