import type { Theme } from '../theme/theme.svelte';

/** What lies under and beside the roads, by theme. The roads' own colours are the same in both: a dark casing holds them. */
export interface Ground {
  readonly ground: string;
  readonly casing: string;
  readonly label: string;
  readonly labelHalo: string;
  readonly glow: string;
}

export const GROUNDS: Readonly<Record<Theme, Ground>> = {
  dark: { ground: '#171c24', casing: '#0b0e13', label: '#dfe8f0', labelHalo: '#0b1117', glow: 'rgba(255, 255, 255, 0.38)' },
  light: { ground: '#e9eef3', casing: '#232b35', label: '#111a22', labelHalo: '#ffffff', glow: 'rgba(0, 84, 166, 0.42)' },
};
