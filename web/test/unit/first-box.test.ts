import { expect, test } from 'vitest';
import type { Box } from '../../src/api/lists';
import { firstBox } from '../../src/view/first-box';

const network: Box = [140, 40, 141, 41];
const screen = { widthPx: 512, heightPx: 512 };

test('the whole network where the address names no place', () => {
  expect(firstBox('#view=standard', network, screen)).toEqual(network);
  expect(firstBox('', null, screen)).toBeNull();
});

test.each(['#map=x/40/140', '#map=12/95/140', '#map=12', '#mymap=12/40/140'])('%s is no place', (hash) => {
  expect(firstBox(hash, network, screen)).toEqual(network);
});

test('the world on a screen of its size', () => {
  expect(firstBox('#map=0/0/0', network, screen)).toEqual([-180, -180, 180, 180]);
});

test('around the place, wherever it stands in the address', () => {
  const [west, south, east, north] = firstBox('#view=standard&map=10/60/140', network, screen)!;
  expect(east - west).toBeCloseTo(360 / 1024);
  expect(north - south).toBeCloseTo((360 / 1024) * 0.5);
  expect((west + east) / 2).toBeCloseTo(140);
});
