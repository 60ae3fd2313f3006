import type { DirectionStatus, Segment, TravelDirection } from '../api/segments';
import { messages } from '../i18n';
import type { Text } from '../language';
import { directionText } from './compass';

export interface ShownDirection {
  readonly key: TravelDirection | 'both';
  readonly heading: Text;
  readonly status: DirectionStatus;
}

/** One block where both directions say the same, as on a narrow road that one pass clears. */
export function shownDirections({ status, geometry }: Pick<Segment, 'status' | 'geometry'>): ShownDirection[] {
  const { forward, backward } = status;
  if (forward !== null && backward !== null) {
    if (sameStatus(forward, backward)) return [{ key: 'both', heading: messages.bothDirections, status: forward }];
    return [
      { key: 'forward', heading: directionText(geometry, 'forward'), status: forward },
      { key: 'backward', heading: directionText(geometry, 'backward'), status: backward },
    ];
  }
  const key = forward === null ? 'backward' : 'forward';
  const only = forward ?? backward;
  if (only === null) return [];
  const words = directionText(geometry, key);
  const heading = {
    ja: `${words.ja}（${messages.oneWay.ja}）`,
    en: `${words.en} (${messages.oneWay.en.toLowerCase()})`,
    easy: `${words.easy}（${messages.oneWay.easy}）`,
  };
  return [{ key, heading, status: only }];
}

function sameStatus(a: DirectionStatus, b: DirectionStatus): boolean {
  return (
    a.state_code === b.state_code &&
    a.cleared_at === b.cleared_at &&
    a.last_pass_at === b.last_pass_at &&
    a.work_kind === b.work_kind &&
    a.confidence === b.confidence
  );
}
