import { expect, it } from 'vitest';
import { conditionSymbols, type DomainLookup, FALSE, type SymbolDomain } from '../../src/conditions/condition.ts';
import { ConditionTable } from '../../src/conditions/condition-table.ts';
import { printCondition } from '../../src/conditions/condition-text.ts';
import { thawed } from '../kbuild/thawed.ts';

const DOMAINS: Readonly<Record<string, SymbolDomain>> = { BOOL: 'bool', TRI: 'tristate', TEXT: 'open' };
const domain: DomainLookup = (symbol) => DOMAINS[symbol] ?? 'none';

/** Conditions of every form. */
function make(table: ConditionTable) {
  const [bool, tri, text] = [table.isSet('BOOL'), table.is('TRI', 'm'), table.isOneOf('TEXT', ['a', 'b'], true)];
  const either = table.or(bool, tri);
  return { bool, tri, text, either, all: table.all([either, text]), none: table.not(either) };
}

it('has after thawing the conditions that were frozen, by their numbers', () => {
  const table = new ConditionTable(domain);
  const made = Object.values(make(table));
  const again = thawed(table, domain)!;
  expect(again.size).toBe(table.size);
  expect(made.map(({ id }) => printCondition(again.at(id)))).toEqual(made.map(printCondition));
});

it('makes no condition twice after thawing, and goes on where it was', () => {
  const table = new ConditionTable(domain);
  const before = make(table);
  const again = thawed(table, domain)!;
  const after = make(again);
  expect(Object.values(after).map(({ id }) => id)).toEqual(Object.values(before).map(({ id }) => id));
  expect(again.size).toBe(table.size);
  expect(again.and(after.bool, after.text).id).toBe(table.and(before.bool, before.text).id);
});

it('asks once what a symbol can be', () => {
  const asked: string[] = [];
  const table = new ConditionTable((symbol) => {
    asked.push(symbol);
    return domain(symbol);
  });
  table.is('BOOL', 'm');
  table.usual('BOOL');
  table.isSet('BOOL');
  expect(asked).toEqual(['BOOL']);
});

it('is none after thawing where a symbol has become something else', () => {
  const table = new ConditionTable(domain);
  make(table);
  expect(thawed(table, (symbol) => (symbol === 'TRI' ? 'bool' : domain(symbol)))).toBeNull();
});

it('takes what another says for what symbols can be, where that is the same', () => {
  const table = new ConditionTable(domain);
  make(table);
  expect(table.adopt((symbol) => (symbol === 'NEW' ? 'none' : domain(symbol)))).toBe(true);
  expect(table.is('NEW', 'y')).toBe(FALSE);
  expect(table.adopt((symbol) => (symbol === 'TRI' ? 'bool' : domain(symbol)))).toBe(false);
});

it('takes it after thawing only where it is the same of what was asked for before', () => {
  const table = new ConditionTable(domain);
  make(table);
  const frozen = thawed(table, domain)!;
  expect(frozen.adopt((symbol) => (symbol === 'NEW' ? 'none' : domain(symbol)))).toBe(true);
  expect(frozen.adopt((symbol) => (symbol === 'TRI' ? 'bool' : domain(symbol)))).toBe(false);
});

it('has its numbers after thawing until it makes another condition', () => {
  const table = new ConditionTable(domain);
  make(table);
  const again = thawed(table, domain)!;
  expect(again.frozen).not.toBeNull();
  again.isOneOf('TEXT', ['c']);
  expect(again.frozen).toBeNull();
});

it('tells the symbols of a frozen condition as of one that was made', () => {
  const table = new ConditionTable(domain);
  make(table);
  const ids = Array.from({ length: table.size }, (_, id) => id);
  const expected = ids.map((id) => conditionSymbols(table.at(id)));
  const again = thawed(table, domain)!;
  expect(ids.map((id) => table.symbolsAt(id))).toEqual(expected);
  expect(ids.map((id) => again.symbolsAt(id))).toEqual(expected);
  expect(new Set(expected.flat())).toEqual(new Set(['BOOL', 'TRI', 'TEXT']));
});
