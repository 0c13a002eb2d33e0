/**
 * What sources register, and the symbols that it is traced to, judged by GNU make: with one of the symbols off, the unit
 * is no longer built. A run samples; `KCONFIG_TRIM_FULL=1` takes many more.
 */
import { readFileSync } from 'node:fs';
import { normalize } from 'node:path';
import { expect, it } from 'vitest';
import { ProviderMap, unitListOf } from '../../src/evidence/provider-map.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { readRegistration } from '../../src/sources/registrations.ts';
import { Sources } from '../../src/sources/sources.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { describeKernels } from './describe-kernels.ts';
import { judgeBuild } from './kbuild-make-judge.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase } from './trim-engine.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Names that are tried by this program's own walk, and by make's. */
const WALKED = FULL ? 2000 : 150;
const JUDGED = FULL ? 60 : 4;

/** Types of structures by the kind of fact that names them. */
const FACTS: readonly (readonly [type: RegExp, fact: (name: string, type: string) => [string, string[]]])[] = [
  [/_driver$/, (name, type) => ['driver', [type.replace(/_driver$/, ''), name, '-']]],
  [/^file_system_type$/, (name) => ['fs', [name, 'mounted']]],
  [/^target_type$/, (name) => ['target', [name]]],
  [/^Qdisc_ops$/, (name) => ['qdisc', [name, 'used']]],
  [/^rtnl_link_ops$/, (name) => ['link', [name]]],
  [/^clocksource$/, (name) => ['clocksource', [name, 'current']]],
  [/^lsm$/, (name) => ['lsm', [name]]],
  [/^cgroup_subsys$/, (name) => ['cgroup', [name, 'enabled']]],
  [/^class$/, (name) => ['class', [name]]],
  [/^proto$/, (name) => ['socket', [name, '-']]],
  [/^crypto-driver$/, (name) => ['crypto', ['-', name, '-']]],
];

describeKernels('symbols of what sources register', (kernels) => {
  it('are those without which the unit is not built', () => {
    const kernel = kernels.find(({ version }) => version === '6.12') ?? kernels.at(-1)!;
    const text = readFileSync(kernel.configs.find((path) => path.includes('none_amd64'))!, 'latin1');
    const { config, kbuild } = readTrimBase(kernel, { arch: 'x86_64' }, text);
    const lookup = kbuildLookup(config);
    const sources = new Sources(new NodeFileSystem(), kernel.tree);
    const { units } = kbuild.build(lookup);
    const map = new ProviderMap({ kbuild, sources, units, lookup });
    const draw = random(sampleSeed());
    const registered = sources.registrations(unitListOf(units)).flatMap(({ texts }) => texts.map(readRegistration));
    const named = registered.flatMap(({ type, name }) => {
      const fact =
        name.startsWith('=') || name.includes('<') ? undefined : FACTS.find(([each]) => each.test(type))?.[1];
      return fact ? [fact(name, type)] : [];
    });
    const answers = draw
      .pick(named, WALKED)
      .map(([word, fields]) => ({ fact: [word, ...fields].join(' '), answer: map.find(word, fields) }));
    const mapped = answers.flatMap(({ fact, answer }) =>
      answer.kind === 'mapped'
        ? answer.providers.map(({ unit, symbols }) => ({ fact, unit: normalize(unit!), symbols }))
        : [],
    );
    expect(answers.filter(({ answer }) => answer.kind !== 'mapped').map(({ fact }) => fact)).toEqual([]);

    const walks = new Map<string, ReadonlySet<string>>();
    const builtWithout = (symbols: readonly string[]): ReadonlySet<string> => {
      const key = symbols.join(' ');
      let left = walks.get(key);
      if (!left) {
        const built = kbuild.build((name) => (symbols.includes(name) ? undefined : lookup(name)));
        left = new Set([...built.units, ...built.builtin].map((unit) => normalize(unit)));
        walks.set(key, left);
      }
      return left;
    };
    const decided = mapped.filter(({ symbols }) => symbols.length > 0);
    /** Each symbol alone decides; where several lines list the unit, only all of them together. */
    const isAlone = ({ symbols, unit }: (typeof mapped)[number]): boolean =>
      symbols.every((symbol) => !builtWithout([symbol]).has(unit));
    const wrong = decided.filter((each) => !isAlone(each) && builtWithout(each.symbols).has(each.unit));
    expect(wrong).toEqual([]);

    const judged = draw.pick(decided.filter(isAlone), JUDGED).filter(({ symbols, unit }) => {
      const off = text.replace(new RegExp(`^CONFIG_${symbols[0]}=.*$`, 'm'), `# CONFIG_${symbols[0]} is not set`);
      const { builtin, modular } = judgeBuild(kernel.tree, 'x86_64', off);
      return [...builtin, ...modular].some((object) => normalize(object) === unit);
    });
    expect(judged).toEqual([]);
  });
});
