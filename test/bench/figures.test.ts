import { expect, test } from 'vitest';
import { atLeast, atMost, median, numberText, percentile, ratios } from '../../src/bench/figures.js';

test('the median of an even count is the mean of the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});

test('a percentile lies between its neighbours in proportion', () => {
  expect(percentile([10, 20, 30, 40, 50], 95)).toBeCloseTo(48);
  expect(percentile([7], 99)).toBe(7);
  expect(percentile([], 50)).toBeNaN();
});

test('ratios pair the values of one round', () => {
  expect(ratios([2, 9], [4, 3])).toEqual([0.5, 3]);
});

test('a number is kept at its edge, and missed where nothing was seen', () => {
  expect(atLeast('a', 0.9, 0.9).result).toBe('kept');
  expect(atLeast('a', 0.89, 0.9).result).toBe('missed');
  expect(atMost('a', 64, 64).result).toBe('kept');
  expect(atMost('a', NaN, 64).result).toBe('missed');
});

test('numbers are shown with three digits that count', () => {
  expect(numberText(0.12345)).toBe('0.123');
  expect(numberText(1234.5)).toBe('1235');
  expect(numberText(2)).toBe('2');
  expect(numberText(12.5)).toBe('12.5');
  expect(numberText(NaN)).toBe('-');
});
