import type { Text } from '../language';

export function priorityText(priority: string | null): Text | null {
  if (priority === null || priority === '') return null;
  if (priority === 'emergency') return { ja: '緊急', en: 'Emergency route', easy: 'いそぐ 車の 道' };
  return { ja: `第${priority}種`, en: `Class ${priority}`, easy: `${priority}ばん目の 道` };
}
