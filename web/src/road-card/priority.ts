import type { Bilingual } from '../language';

export function priorityText(priority: string | null): Bilingual | null {
  if (priority === null || priority === '') return null;
  if (priority === 'emergency') return { ja: '緊急', en: 'Emergency route' };
  return { ja: `第${priority}種`, en: `Class ${priority}` };
}
