import { expect, test } from 'vitest';
import type { ServedStyle } from '../../src/api/style';
import { minuteOf, styleAtMinute } from '../../src/map/style-at-minute';
import servedStyle from '../fixtures/served-style.json';

const served = servedStyle as unknown as ServedStyle;
const servedMinute = minuteOf(Date.parse(served.metadata['yukimichi:now']));
const count = (style: ServedStyle, minute: number) => JSON.stringify(style).split(`["-",${minute},`).length - 1;

test('in the minute of its serving it is as it was served', () => {
  expect(styleAtMinute(served, servedMinute)).toBe(served);
});

test('later every age is counted from the later minute, and nothing else differs', () => {
  const later = styleAtMinute(served, servedMinute + 7);
  expect(count(served, servedMinute)).toBeGreaterThanOrEqual(32);
  expect(count(later, servedMinute)).toBe(0);
  expect(count(later, servedMinute + 7)).toBe(count(served, servedMinute));
  expect(minuteOf(Date.parse(later.metadata['yukimichi:now']))).toBe(servedMinute + 7);
  const back = styleAtMinute(later, servedMinute);
  expect({ ...back, metadata: null }).toEqual({ ...served, metadata: null });
});
