import type { Segment } from '../api/segments';
import { messages } from '../i18n';
import type { Bilingual } from '../language';
import { managerLevelText } from '../road-managers';

/** The level and, where known, the manager's own name; what is not known is said. */
export function ownerText(
  { manager, manager_level }: Pick<Segment, 'manager' | 'manager_level'>,
): { level: Bilingual | null; name: Bilingual } {
  const level = managerLevelText(manager?.level ?? manager_level);
  if (manager !== null) return { level, name: manager.name };
  return { level, name: level === null ? messages.ownerUnknown : messages.ownerNameUnknown };
}

/** Its name, or else its number; null where it has neither. */
export function roadName(road: { name: string | null; ref: string | null }): string | null {
  return road.name || road.ref || null;
}
