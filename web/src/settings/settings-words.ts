import type { Text } from '../language';
import type { ThemeChoice } from '../theme/theme.svelte';

export const settingsMessages = {
  title: { ja: '表示設定', en: 'Display', easy: '見かたを かえる' },
  language: { ja: '言語', en: 'Language', easy: 'ことば' },
  theme: { ja: '画面の明るさ', en: 'Theme', easy: '画面（がめん）の 明るさ' },
} as const satisfies Record<string, Text>;

export const themeChoices = {
  auto: { ja: '端末に合わせる', en: 'As the device', easy: 'スマホと 同じ' },
  light: { ja: '明るい', en: 'Light', easy: '明るい' },
  dark: { ja: '暗い', en: 'Dark', easy: 'くらい' },
} as const satisfies Record<ThemeChoice, Text>;

/** Each in its own words, so that it is found by those who read no other. */
export const languageNames = { ja: '日本語', easy: 'やさしい日本語', en: 'English' } as const;
