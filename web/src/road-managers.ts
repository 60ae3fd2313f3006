import type { Text } from './language';

export const managerLevels = {
  national: { ja: '国', en: 'National', easy: '国' },
  prefectural: { ja: '県', en: 'Prefectural', easy: '県' },
  municipal: { ja: '市町村', en: 'Municipal', easy: '市・町・村' },
  expressway: { ja: '高速', en: 'Expressway', easy: 'こうそく道' },
} as const satisfies Record<string, Text>;

export type ManagerLevel = keyof typeof managerLevels | 'unknown';

export function managerLevelText(level: string): Text | null {
  return (managerLevels as Record<string, Text>)[level] ?? null;
}
