import {
  converter,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  wcagContrast,
  type Rgb,
} from 'culori';
import { describe, expect, test } from 'vitest';
import type { LineLook, ServedStyle } from '../../src/api/style';
import { CLOSURE_COLOURS } from '../../src/map/closure-colours';
import { GROUNDS } from '../../src/map/ground';
import { STANDARD_STEPS } from '../../src/map/standard-view';
import { toldApart } from '../../src/map/told-apart';
import servedStyle from '../fixtures/served-style.json';

/** Two just noticeable differences: lines are thin, and neighbours stand beside one another in the legend. */
const LEAST_BETWEEN_NEIGHBOURS = 5;
/** Between any two states that are drawn in the same line style. */
const LEAST_IN_SAME_STYLE = 9;
const LEAST_FROM_CLOSED = 12;
/** WCAG 2.2, 1.4.11: what is needed to understand a graphic, against what is beside it. */
const LEAST_CONTRAST = 3;

const linear = converter('lrgb');
const display = converter('rgb');
const difference = differenceCiede2000();
const unit = (channel: number) => Math.min(1, Math.max(0, channel));

/** Machado, Oliveira and Fernandes (2009) at full severity; their matrices are for linear light. */
function seenWith(deficiency: ((colour: Rgb) => Rgb) | null) {
  return (colour: string) => {
    const { r, g, b } = linear(colour)!;
    const seen = deficiency === null ? { r, g, b } : deficiency({ mode: 'rgb', r, g, b });
    return display({ mode: 'lrgb', r: unit(seen.r), g: unit(seen.g), b: unit(seen.b) });
  };
}

const VISIONS = {
  'full colour vision': seenWith(null),
  protanopia: seenWith(filterDeficiencyProt(1) as (colour: Rgb) => Rgb),
  deuteranopia: seenWith(filterDeficiencyDeuter(1) as (colour: Rgb) => Rgb),
  tritanopia: seenWith(filterDeficiencyTrit(1) as (colour: Rgb) => Rgb),
};

const { ages, states } = toldApart(servedStyle as unknown as ServedStyle).metadata['yukimichi:legend'];
const ageLooks = ages.map((age) => ({ ...age, name: age.en }));
const ownStates = states.filter(({ drawn_by_age }) => !drawn_by_age);
const VIEWS: Record<string, readonly (LineLook & { name: string })[]> = {
  'by age': [...ageLooks, ...ownStates],
  'by standard': STANDARD_STEPS,
};

const sameStyle = (a: LineLook, b: LineLook) => JSON.stringify(a.dash) === JSON.stringify(b.dash);

function pairs<Look>(looks: readonly Look[]): [Look, Look][] {
  return looks.flatMap((first, at) => looks.slice(at + 1).map((second): [Look, Look] => [first, second]));
}

function tooClose(looks: readonly [LineLook & { name: string }, LineLook & { name: string }][], seen: (colour: string) => Rgb, least: number) {
  return looks
    .map(([a, b]) => ({ pair: `${a.name} / ${b.name}`, distance: difference(seen(a.color), seen(b.color)) }))
    .filter(({ distance }) => distance < least);
}

describe.each(Object.entries(VISIONS))('with %s', (_vision, seen) => {
  test('each age is told from the next by colour, or else by its line style', () => {
    const neighbours = ageLooks.slice(1).map((age, at): [typeof age, typeof age] => [ageLooks[at]!, age]);
    expect(tooClose(neighbours.filter(([a, b]) => sameStyle(a, b)), seen, LEAST_BETWEEN_NEIGHBOURS)).toEqual([]);
    expect(neighbours.filter(([a, b]) => !sameStyle(a, b))).toHaveLength(3);
  });

  test.each(Object.entries(VIEWS))('%s: a state is told from every look of its line style by colour', (_view, looks) => {
    const isAge = (look: object) => 'below_min' in look;
    const sameStyles = pairs(looks).filter(([a, b]) => sameStyle(a, b) && !(isAge(a) && isAge(b)));
    expect(sameStyles.length).toBeGreaterThan(0);
    expect(tooClose(sameStyles, seen, LEAST_IN_SAME_STYLE)).toEqual([]);
  });

  test('what is closed differs from what is cleared by line style and by colour', () => {
    for (const looks of Object.values(VIEWS)) {
      const closed = looks.find(({ name }) => name === 'closed')!;
      const good = looks.filter(({ name }) => ['within', '< 1 h', '1–3 h', '3–6 h', '6–12 h', 'melting'].includes(name));
      expect(good.length).toBeGreaterThan(1);
      expect(tooClose(good.map((look) => [closed, look]), seen, LEAST_FROM_CLOSED)).toEqual([]);
      expect(good.filter((look) => sameStyle(closed, look))).toEqual([]);
    }
  });

  test('the barriers of 通行止め, 冬期閉鎖 and other restrictions differ', () => {
    const grounds = Object.entries(CLOSURE_COLOURS.ground).map(([name, color]) => ({ name, color, dash: null }));
    expect(tooClose(pairs(grounds), seen, LEAST_FROM_CLOSED)).toEqual([]);
  });
});

describe.each(Object.entries(GROUNDS))('in the %s theme', (theme, { ground, casing, label, labelHalo }) => {
  const colours = [...new Set(Object.values(VIEWS).flat().map(({ color }) => color))];

  test.each(colours)('%s stands out from the line’s casing', (colour) => {
    expect(wcagContrast(colour, casing)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
  });

  test('names can be read', () => {
    expect(wcagContrast(label, labelHalo)).toBeGreaterThanOrEqual(7);
    expect(wcagContrast(label, ground)).toBeGreaterThanOrEqual(7);
  });

  test('a road stands out from the ground, by its casing or by every colour', () => {
    const everyColour = Math.min(...colours.map((colour) => wcagContrast(colour, ground)));
    expect(Math.max(wcagContrast(casing, ground), everyColour), theme).toBeGreaterThanOrEqual(LEAST_CONTRAST);
  });
});

test('a difference can be seen to fail: protanopia joins the served colours that the page replaces', () => {
  const seen = VISIONS.protanopia;
  expect(difference(seen('#fde725'), seen('#b5de2b'))).toBeLessThan(LEAST_BETWEEN_NEIGHBOURS);
  expect(difference(seen('#ff4d6d'), seen('#8d7f70'))).toBeLessThan(LEAST_IN_SAME_STYLE);
});
