import type { Bilingual } from './language';

export const managerLevels = {
  national: { ja: '国', en: 'National' },
  prefectural: { ja: '県', en: 'Prefectural' },
  municipal: { ja: '市町村', en: 'Municipal' },
  expressway: { ja: '高速', en: 'Expressway' },
} as const satisfies Record<string, Bilingual>;

export type ManagerLevel = keyof typeof managerLevels | 'unknown';

export function managerLevelText(level: string): Bilingual | null {
  return (managerLevels as Record<string, Bilingual>)[level] ?? null;
}
