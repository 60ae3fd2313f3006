import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import type { FilterSpecification, LayerSpecification } from 'maplibre-gl';
import { describe, expect, test } from 'vitest';
import type { Closure } from '../../src/api/closures';
import type { LineLook, ServedStyle } from '../../src/api/style';
import { NO_OVERLAYS, type Overlays } from '../../src/map/overlays';
import { pageStyle, type PageView } from '../../src/map/page-style';
import { distanceToLinePx } from '../../src/map/nearest-road';
import servedStyle from '../fixtures/served-style.json';

const plain: PageView = { drawAllAs: null, selectedLine: null, colouring: 'ages', theme: 'dark', overlays: NO_OVERLAYS };
const served = servedStyle as unknown as ServedStyle;
const unconfirmed = served.metadata['yukimichi:legend'].states.find(({ name }) => name === 'unconfirmed') as LineLook;
const someOverlays: Overlays = {
  closures: [
    {
      id: '1',
      geometry: { type: 'LineString', coordinates: [[140.6, 40.7], [140.61, 40.71]] },
      properties: { kind: 'winter', holds: true } as Closure,
    },
  ],
  stations: [],
  here: { lon: 140.6, lat: 40.7, accuracyM: 20 },
};
const paintOf = (layer: LayerSpecification | undefined) => layer?.paint as Record<string, unknown>;
const filterOf = (layer: LayerSpecification) => ('filter' in layer ? (layer.filter as FilterSpecification) : undefined);
/** Drawn by what the tiles say of status, whatever the layer is called: its colour, or the share that is cleared. */
const tellStatus = served.layers.filter(
  (layer) => Array.isArray(paintOf(layer)['line-color']) || JSON.stringify(paintOf(layer)).includes('cleared_share'),
);

describe('pageStyle', () => {
  test('adds the selected road under the roads and the names over them', () => {
    const { layers } = pageStyle(served, plain);
    const [ground, ...roads] = served.layers.map(({ id }) => id);
    const ids = layers.map(({ id }) => id);
    expect(ids.slice(0, roads.length + 3)).toEqual([ground, 'selected-road-glow', ...roads, 'road-names']);
    expect(ids.slice(roads.length + 3).every((id) => id.startsWith('page-'))).toBe(true);
  });

  test('leaves what is served alone while there is contact', () => {
    const { layers } = pageStyle(served, plain);
    expect(layers).toEqual(expect.arrayContaining([...served.layers]));
  });

  test('four line patterns for a road as one line, one-way, forward and backward tell a status, and the share', () => {
    expect(tellStatus).toHaveLength(17);
    expect(tellStatus.map(({ id }) => id)).toEqual(expect.arrayContaining(['roads-single', 'roads-oneway-dotted']));
  });

  describe('once contact is lost', () => {
    const { layers } = pageStyle(served, { ...plain, drawAllAs: unconfirmed });

    test.each(tellStatus.map((layer) => [layer.id, layer] as const))('%s is drawn as unconfirmed', (id, before) => {
      const now = layers.find((layer) => layer.id === id)!;
      expect(paintOf(now)).toEqual({ ...paintOf(before), 'line-color': '#a9b1bd', 'line-dasharray': [0.7, 1.3] });
      expect(filterOf(now)).toEqual(filterOf(before));
    });

    test('nothing else changes', () => {
      const others = served.layers.filter((layer) => !tellStatus.includes(layer));
      expect(others.map(({ id }) => id)).toEqual(['ground', 'roads-casing', 'roads-hit', 'closures-one-lane', 'closures-restricted']);
      expect(layers).toEqual(expect.arrayContaining(others));
    });

    test('no layer still reads a status', () => {
      expect(JSON.stringify(layers.map((layer) => layer.paint ?? {}))).not.toContain('"status"');
    });
  });

  test('light: another ground, the same colours on the same dark casing’s place', () => {
    const { layers } = pageStyle(served, { ...plain, theme: 'light' });
    const changed = served.layers.filter((before) => JSON.stringify(before) !== JSON.stringify(layers.find(({ id }) => id === before.id)));
    expect(changed.map(({ id }) => id)).toEqual(['ground', 'roads-casing']);
  });

  test('a valid style in both colourings and themes', () => {
    for (const colouring of ['ages', 'standard'] as const) {
      for (const theme of ['dark', 'light'] as const) {
        expect(validateStyleMin(pageStyle(served, { ...plain, colouring, theme, overlays: someOverlays }))).toEqual([]);
      }
    }
  });

  test('an unbroken look clears the dashes', () => {
    const { layers } = pageStyle(served, { ...plain, drawAllAs: { color: '#9aa3ad', dash: null } });
    const dashed = layers.find(({ id }) => id === 'roads-forward-short-dash');
    expect(paintOf(dashed)).not.toHaveProperty('line-dasharray');
  });
});

test.each([
  ['on it', { x: 5, y: 0 }, 0],
  ['beside it', { x: 5, y: 3 }, 3],
  ['beyond its end', { x: 13, y: 4 }, 5],
])('distance of a tap %s', (_name, point, px) => {
  expect(distanceToLinePx(point, [{ x: 0, y: 0 }, { x: 10, y: 0 }])).toBe(px);
});
