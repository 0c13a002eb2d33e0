import { expect, it } from 'vitest';
import { splitIdentity, withIdentity } from '../../src/cache/identity.ts';

const of = (...parts: string[]) => splitIdentity(Buffer.concat(withIdentity(parts.map((part) => Buffer.from(part)))));

it('names content by all of its bytes, and gives it back', () => {
  expect(Buffer.from(of('content').content).toString()).toBe('content');
  expect(of('').content).toHaveLength(0);
  expect(of('content').identity).toBe(of('con', 'tent').identity);
  expect(new Set(['content', 'Content', 'content ', ''].map((text) => of(text).identity)).size).toBe(4);
});

it('leaves content where numbers can be read in place', () => {
  expect(withIdentity([])[0]!.length % 4).toBe(0);
});
