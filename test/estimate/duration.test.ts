import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/estimate/duration.ts';
import { formatDifference, formatDuration } from '../../src/report/duration-text.ts';

describe('parseDuration', () => {
  it.each([
    ['13h', 46_800],
    ['1h30m', 5_400],
    ['1.5h', 5_400],
    ['90 min', 5_400],
    ['2h 5m 10s', 7_510],
    ['1 hour, 2 minutes', 3_720],
    ['1d 2h', 93_600],
    ['1:30', 5_400],
    ['1:02:03', 3_723],
    ['3600', 3_600],
    [' 45S ', 45],
  ])('reads %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '0', '0h', 'h', '13x', '5m 2h', '2h 3h', '-4h', '1:75', '1h foo', '1 month'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [0.4, '0.4 s'],
    [45.4, '45 s'],
    [119.6, '2 min'],
    [3_599, '1 h'],
    [12_000, '3 h 20 min'],
    [18_100, '5 h'],
    [18_240, '5 h 5 min'],
    [200_000, '56 h'],
  ])('writes %d as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('writes what parseDuration reads', () => {
    for (const seconds of [1, 59, 60, 119, 120, 3_600, 12_000, 86_400]) {
      expect(parseDuration(formatDuration(seconds))).toBeCloseTo(seconds, -2);
    }
  });
});

describe('formatDifference', () => {
  it.each([
    [73.6, 60.4, '14 s'],
    [60.4, 73.6, '14 s'],
    [0.94, 0.04, '0.9 s'],
    [254.4 * 60, 37.6 * 60, '3 h 36 min'],
    [12.4, 12.4, '0 s'],
  ])('%d and %d s: what a reader comes to who subtracts', (before, after, text) => {
    expect(formatDifference(before, after)).toBe(text);
  });

  it.each([
    [674, 652, '22 s'],
    [630, 629, '1 s'],
    [151, 124, '27 s'],
    [5.2 * 3600, 5.16 * 3600, '2 min'],
  ])('%d and %d s: the difference, where theirs says something else', (before, after, text) => {
    expect(formatDifference(before, after)).toBe(text);
  });
});
