/** A symbol that makes everything dearer that is compiled. */
export interface CostlySymbol {
  readonly symbol: string;
  /** Others that the model knows and that go with it. */
  readonly with: readonly string[];
  /** Whether the kernel runs the same code without it: it costs build time, and nothing that runs is lost. */
  readonly sameCode: boolean;
}

/** Those of the model's effects that a config can switch off, the narrower ones first. */
export const COSTLY_SYMBOLS: readonly CostlySymbol[] = [
  { symbol: 'DEBUG_INFO_BTF_MODULES', with: [], sameCode: true },
  { symbol: 'DEBUG_INFO_BTF', with: ['DEBUG_INFO_BTF_MODULES'], sameCode: true },
  {
    symbol: 'DEBUG_INFO',
    with: ['DEBUG_INFO_BTF', 'DEBUG_INFO_BTF_MODULES', 'DEBUG_INFO_REDUCED'],
    sameCode: true,
  },
  { symbol: 'MODVERSIONS', with: [], sameCode: true },
  { symbol: 'LTO_CLANG', with: [], sameCode: false },
  { symbol: 'KASAN', with: ['KASAN_INLINE'], sameCode: false },
  { symbol: 'UBSAN', with: [], sameCode: false },
  { symbol: 'KCOV_INSTRUMENT_ALL', with: [], sameCode: false },
];
