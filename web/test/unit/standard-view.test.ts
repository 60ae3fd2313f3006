import { createExpression, featureFilter } from '@maplibre/maplibre-gl-style-spec';
import type { LayerSpecification, LineLayerSpecification } from 'maplibre-gl';
import { describe, expect, test } from 'vitest';
import type { ServedStyle } from '../../src/api/style';
import { byStandard, STANDARD_STEPS } from '../../src/map/standard-view';
import servedStyle from '../fixtures/served-style.json';

const served = servedStyle as unknown as ServedStyle;
const layers = served.layers
  .filter((layer): layer is LineLayerSpecification => layer.type === 'line')
  .map(byStandard)
  .filter((layer) => layer !== null);

/** The one layer of a side that draws such a road, with the colour that it gives. */
function drawn(side: string, status: number, oneway = 'no') {
  const feature = { type: 2 as const, properties: { status, cleared_fwd_min: 0, cleared_rev_min: 0, oneway, class: 'trunk' } };
  const zoom = side === 'single' ? 12 : 15;
  const found = layers.filter(
    ({ id, filter }) => id.startsWith(`roads-${side}`) && featureFilter(filter as never, 'layers[0].filter').filter({ zoom } as never, feature as never),
  );
  return found.map((layer) => ({ id: layer.id, color: colourOf(layer, feature), dash: layer.paint?.['line-dasharray'] ?? null }));
}

function colourOf({ paint }: LayerSpecification & { paint?: object }, feature: object): string {
  const expression = createExpression((paint as Record<string, unknown>)['line-color'], 'layers[0].paint.line-color');
  if (expression.result === 'error') throw new Error(expression.value.join());
  return String(expression.value.evaluate({ zoom: 12 } as never, feature as never));
}

test('every layer that tells a status is coloured anew', () => {
  expect(layers).toHaveLength(16);
});

describe.each([
  ['uncleared both ways', 33, 'below'],
  ['cleared one way only', 34, 'below'],
  ['uncleared the other way only', 43, 'below'],
  ['cleared', 44, 'within'],
  ['below its threshold', 22, 'within'],
  ['working', 55, 'working'],
  ['no data', 0, 'no_data'],
  ['no data one way, cleared the other', 4, 'within'],
  ['unconfirmed', 11, 'unconfirmed'],
  ['closed', 66, 'closed'],
  ['overdue by its call-out', 50_044, 'overdue'],
  ['closed though a call-out is overdue', 50_066, 'closed'],
])('as one line, %s (%i)', (_name, status, stepName) => {
  const step = STANDARD_STEPS.find(({ name }) => name === stepName)!;
  test(`is drawn once, as ${stepName}`, () => {
    const [only, ...others] = drawn('single', status);
    expect(others).toEqual([]);
    expect(only).toEqual({ id: expect.any(String), color: step.color, dash: step.dash });
  });
});

test('zoomed in each direction is drawn by its own state', () => {
  const colour = (name: string) => STANDARD_STEPS.find((step) => step.name === name)!.color;
  expect(drawn('forward', 43).map(({ color }) => color)).toEqual([colour('below')]);
  expect(drawn('backward', 43).map(({ color }) => color)).toEqual([colour('within')]);
});

test('each state belongs to one step, and none is without', () => {
  for (let code = 0; code <= 8; code++) {
    expect(STANDARD_STEPS.filter(({ stateCodes }) => stateCodes.includes(code))).toHaveLength(1);
  }
});
