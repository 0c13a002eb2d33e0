import { expect, it } from 'vitest';
import { Packer, Unpacker } from '../../src/cache/packed.ts';
import type { BuildResult } from '../../src/kbuild/built-objects.ts';
import { packBuild, unpackBuild } from '../../src/kbuild/kept-build.ts';

function packed(build: BuildResult): BuildResult {
  const out = new Packer();
  packBuild(build, out);
  return unpackBuild(new Unpacker(out.bytes()));
}

const plain = ({ modules, builtin, units }: BuildResult): BuildResult => ({
  modules: modules.map(({ name, path, objects }) => ({ name, path, objects })),
  builtin,
  units,
});

it.each<[string, BuildResult]>([
  ['nothing', { modules: [], builtin: [], units: [] }],
  [
    'modules with several objects, with none, and with the same',
    {
      modules: [
        { name: 'two_parts', path: 'd/two-parts', objects: ['d/x.o', 'd/y.o'] },
        { name: 'empty', path: 'e/empty', objects: [] },
        { name: 'x', path: 'd/x', objects: ['d/x.o'] },
      ],
      builtin: ['b/b.o', 'a/a.o', 'd/y.o'],
      units: ['a/a.o', 'a/head.S', 'b/b.o', 'd/x.o', 'd/y.o'],
    },
  ],
])('a result that was packed says what it said: %s', (_what, build) => {
  const again = packed(build);
  expect(plain(again)).toEqual(build);
  expect(plain(packed(again))).toEqual(build);
});

it('gives the same lists each time', () => {
  const again = packed({ modules: [{ name: 'm', path: 'm', objects: ['m.o'] }], builtin: ['b.o'], units: ['u.o'] });
  expect(again.modules).toBe(again.modules);
  expect(again.modules[0]!.objects).toBe(again.modules[0]!.objects);
  expect(again.builtin).toBe(again.builtin);
  expect(again.units).toBe(again.units);
});
