/** Samples that can be repeated: everything random comes from one seed, which tests print. */

/** The seed of this run: `KCONFIG_TRIM_SEED`, or the day. */
export function sampleSeed(): number {
  const given = process.env['KCONFIG_TRIM_SEED'];
  return given === undefined ? Math.floor(Date.now() / 86_400_000) : Number(given);
}

/** A source of random choices. */
export interface Random {
  /** 0 ≤ n < limit */
  below(limit: number): number;
  /** `count` different items, in their order. */
  pick<Item>(items: readonly Item[], count: number): Item[];
}

/** A generator (mulberry32) with this seed. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  const pick = <Item>(items: readonly Item[], count: number): Item[] => {
    const left = items.map((_, i) => i);
    while (left.length > count) left.splice(below(left.length), 1);
    return left.map((i) => items[i]!);
  };
  return { below, pick };
}

/** A config with lines lost, doubled, retyped, out of range, out of order, or with other line ends. */
export function damage(text: string, draw: Random): string {
  const lines = text.split('\n');
  const edits = 20 + draw.below(400);
  // A fragment of few lines may lose them all.
  for (let i = 0; i < edits && lines.length > 0; i++) {
    const at = draw.below(lines.length);
    const line = lines[at]!;
    switch (draw.below(10)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(draw.below(lines.length), 0, line);
        break;
      case 2:
        lines[at] = line.replace(/=[ym]$/, '=n');
        break;
      case 3:
        lines[at] = line.replace(/^# (CONFIG_\w+) is not set$/, ['$1=y', '$1=m', '$1="text"', '$1=17'][draw.below(4)]!);
        break;
      case 4:
        lines[at] = line.replace(
          /=.*$/,
          ['=', '=foo', '=-5', '=0x123456789', '=99999999', '="a\\"b', '=Y'][draw.below(7)]!,
        );
        break;
      case 5:
        lines.splice(draw.below(lines.length), 0, lines.splice(at, 1)[0]!);
        break;
      case 9:
        lines[at] = line.replace(/^(CONFIG_\w+)=/, ['$1 = ', '$1= ', '$1 =', '$1\t='][draw.below(4)]!);
        break;
      case 6:
        lines[at] = `${line}\r`;
        break;
      case 7:
        lines[at] = ['CONFIG_NO_SUCH_SYMBOL=y', 'garbage', `${line} trailing`, '#CONFIG_X=y', ''][draw.below(5)]!;
        break;
      default:
        lines[at] = line.replace(/=y$/, '=m');
    }
  }
  const joined = lines.join('\n');
  return draw.below(4) === 0 ? joined.replace(/\n+$/, '') : joined;
}
