import { beforeEach, describe, expect, it } from 'vitest';
import { Scope } from '../../src/platform/scope.ts';

let scope: Scope;
let ended: string[];
beforeEach(() => {
  scope = new Scope();
  ended = [];
});

describe('a scope', () => {
  it('ends what was added, the latest first, once', () => {
    for (const name of ['a', 'b', 'c']) scope.add(() => ended.push(name));
    scope.close();
    scope.close();
    expect(ended).toEqual(['c', 'b', 'a']);
  });

  it('does not end again what has ended before', () => {
    const end = scope.add(() => ended.push('a'));
    end();
    end();
    scope.close();
    expect(ended).toEqual(['a']);
  });

  it('ends at once what is started too late', () => {
    scope.close();
    scope.add(() => ended.push('a'));
    expect(ended).toEqual(['a']);
  });

  it('does deferred work once, in order, whatever fails', () => {
    scope.defer(() => ended.push('a'));
    scope.defer(() => {
      throw new Error('no');
    });
    scope.defer(() => ended.push('b'));
    expect(ended).toEqual([]);
    scope.runDeferred();
    scope.runDeferred();
    expect(ended).toEqual(['a', 'b']);
  });
});
