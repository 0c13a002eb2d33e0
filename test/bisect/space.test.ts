import { expect, it } from 'vitest';
import { spaceNeeds, spaceNotes } from '../../src/bisect/space.ts';

const cost = { objects: 3000, modules: 100 };

it.each([
  [false, 0.69e9, 16e6],
  [true, 4.5e9, 160e6],
])('what a build and a kernel take (debug information: %s)', (hasDebugInfo, build, modules) => {
  const needs = spaceNeeds(cost, hasDebugInfo, '/out');
  expect(needs.map(({ path }) => path)).toEqual(['/out', '/boot', '/lib/modules']);
  expect(needs.map(({ bytes }) => Math.round(bytes / 1e6))).toEqual([build, 100e6, modules].map((each) => each / 1e6));
});

it('only what is too small is named, by what is left there and what is needed', () => {
  const needs = spaceNeeds(cost, true, '/out');
  const free = new Map([
    ['/out', 1.25e9],
    ['/boot', 100e6],
  ]);
  expect(spaceNotes(needs, (path) => free.get(path) ?? null)).toEqual([
    '/out has 1.3 GB left, and a build takes about 4.5 GB',
  ]);
  expect(spaceNotes(needs, () => 5e6)).toEqual([
    '/out has 5 MB left, and a build takes about 4.5 GB',
    '/boot has 5 MB left, and a kernel takes about 100 MB',
    '/lib/modules has 5 MB left, and its modules take about 160 MB',
  ]);
});
