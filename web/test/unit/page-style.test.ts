import { describe, expect, test } from 'vitest';
import type { ServedStyle } from '../../src/api/style';
import { pageStyle } from '../../src/map/page-style';
import { distanceToLinePx } from '../../src/map/nearest-road';

const line = (id: string, paint: object) => ({ id, type: 'line', source: 'roads', 'source-layer': 'roads', paint });
const served = {
  version: 8,
  metadata: {},
  sources: { roads: { type: 'vector', url: 'http://map.example/tiles/roads' } },
  layers: [
    { id: 'ground', type: 'background' },
    line('roads-casing', { 'line-color': '#000000' }),
    line('roads-single', { 'line-color': ['get', 'x'], 'line-width': 3 }),
    line('roads-forward', { 'line-color': ['get', 'x'], 'line-dasharray': ['literal', [9, 9]] }),
    line('roads-backward', { 'line-color': ['get', 'x'] }),
    line('roads-hit', { 'line-opacity': 0 }),
  ],
} as unknown as ServedStyle;
const paintOf = (style: ReturnType<typeof pageStyle>, id: string) => style.layers.find((layer) => layer.id === id)?.paint;

describe('pageStyle', () => {
  test('adds the selected road under the roads and the names over them', () => {
    const { layers } = pageStyle(served, { drawAllAs: null, selectedLine: null });
    expect(layers.map(({ id }) => id)).toEqual([
      'ground',
      'selected-road-glow',
      'roads-casing',
      'roads-single',
      'roads-forward',
      'roads-backward',
      'roads-hit',
      'road-names',
    ]);
  });

  test('leaves the served colours alone while there is contact', () => {
    const style = pageStyle(served, { drawAllAs: null, selectedLine: null });
    expect(paintOf(style, 'roads-single')).toEqual({ 'line-color': ['get', 'x'], 'line-width': 3 });
  });

  test('draws every road as unconfirmed once contact is lost, and nothing else', () => {
    const style = pageStyle(served, { drawAllAs: { color: '#9aa3ad', dash: [1, 2] }, selectedLine: null });
    const unconfirmed = { 'line-color': '#9aa3ad', 'line-dasharray': [1, 2] };
    expect(paintOf(style, 'roads-single')).toEqual({ ...unconfirmed, 'line-width': 3 });
    expect(paintOf(style, 'roads-forward')).toEqual(unconfirmed);
    expect(paintOf(style, 'roads-backward')).toEqual(unconfirmed);
    expect(paintOf(style, 'roads-casing')).toEqual({ 'line-color': '#000000' });
  });

  test('an unbroken look clears the dashes', () => {
    const style = pageStyle(served, { drawAllAs: { color: '#9aa3ad', dash: null }, selectedLine: null });
    expect(paintOf(style, 'roads-forward')).toEqual({ 'line-color': '#9aa3ad' });
  });
});

test.each([
  ['on it', { x: 5, y: 0 }, 0],
  ['beside it', { x: 5, y: 3 }, 3],
  ['beyond its end', { x: 13, y: 4 }, 5],
])('distance of a tap %s', (_name, point, px) => {
  expect(distanceToLinePx(point, [{ x: 0, y: 0 }, { x: 10, y: 0 }])).toBe(px);
});
