import type { ServedStyle } from '../api/style';

/**
 * Served colours that readers with protanopia can hardly tell from a neighbour's (1–3 h from < 1 h) or
 * from another state's of the same line style (通行止め from 除雪対象外), and what this page draws instead.
 */
const INSTEAD: Readonly<Record<string, string>> = { '#b5de2b': '#a5d22a', '#ff4d6d': '#f11042' };
const ANY = new RegExp(Object.keys(INSTEAD).join('|'), 'g');

/** The style with these colours in its layers and in its legend. */
export function toldApart(style: ServedStyle): ServedStyle {
  return JSON.parse(JSON.stringify(style).replace(ANY, (colour) => INSTEAD[colour] ?? colour)) as ServedStyle;
}
