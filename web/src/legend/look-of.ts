import { ageStepOf, elapsedMin } from '../ages';
import type { LegendContent, LineLook } from '../api/style';

/** How the map draws a state now, so that a card can show the same line. */
export function lookOf(
  legend: LegendContent,
  stateCode: number,
  clearedAtMs: number | null,
  nowMs: number,
): LineLook | null {
  const state = legend.states.find(({ code }) => code === stateCode);
  if (state === undefined) return null;
  if (!state.drawn_by_age || clearedAtMs === null) return state;
  return ageStepOf(legend.ages, elapsedMin(clearedAtMs, nowMs)) ?? state;
}
