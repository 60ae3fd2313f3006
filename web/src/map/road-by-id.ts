import type { TappedRoad } from './tapped-road';

/** A road of which only the id is known yet, as from a deep link: its card asks for all else. */
export function roadById(segmentId: number): TappedRoad {
  return {
    segmentId,
    name: '',
    ref: '',
    line: { type: 'LineString', coordinates: [] },
    status: { forward: null, backward: null },
    newSnowDigit: 0,
    dispatchDigit: 0,
    isMerged: false,
  };
}
