import { expect, it } from 'vitest';
import { countSince, LAUNCHERS, launcherOf } from '../../src/bisect/launchers.ts';

const read = (name: string, text: string) => LAUNCHERS.find((each) => each.name === name)!.statistics!.read(text);

it.each([
  ['ccache gcc', 'ccache'],
  ['/usr/lib/ccache gcc-12 -std=gnu11', 'ccache'],
  ['icecc clang', 'icecc'],
  ['gcc', undefined],
  ['/usr/lib/ccache/gcc', undefined],
  ['', undefined],
])('the one before %j is %s', (compiler, name) => {
  expect(launcherOf(compiler)?.name).toBe(name);
});

it('ccache counts by lines of a name, a tab and a number', () => {
  const text = 'cache_miss\t7\ndirect_cache_hit\t30\ndirect_cache_miss\t9\npreprocessed_cache_hit\t2\n';
  expect(read('ccache', text)).toEqual({ hits: 32, misses: 7 });
  expect(read('ccache', 'ccache: error: unrecognized option\n')).toBeNull();
});

it('sccache counts by language', () => {
  const stats = { cache_hits: { counts: { 'C/C++': 5, Rust: 1 } }, cache_misses: { counts: {} } };
  expect(read('sccache', JSON.stringify({ stats }))).toEqual({ hits: 6, misses: 0 });
  for (const text of ['', '{}', '{"stats":{}}']) expect(read('sccache', text)).toBeNull();
});

it('a build has what came since', () => {
  expect(countSince({ hits: 10, misses: 5 }, { hits: 12, misses: 9 })).toEqual({ hits: 2, misses: 4 });
});
