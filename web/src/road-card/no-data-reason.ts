import type { Segment } from '../api/segments';
import { messages } from '../i18n';
import type { Text } from '../language';

export function noDataReason(road: Pick<Segment, 'manager' | 'manager_level' | 'sources'>): Text {
  if (road.sources.length > 0) return messages.noDataBecauseNoPass;
  const ownerKnown = road.manager !== null || road.manager_level !== 'unknown';
  return ownerKnown ? messages.noDataBecauseNoSource : messages.noDataBecauseOwnerUnknown;
}
