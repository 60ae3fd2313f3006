/** `easy` is やさしい日本語: short words, few kanji, for children and for those who learn Japanese. */
export type Language = 'ja' | 'en' | 'easy';

/** A text as the server and the road managers give it: all are shown in both, the page's own first. */
export interface Bilingual {
  readonly ja: string;
  readonly en: string;
  /** Where there is none, the Japanese stands in. */
  readonly easy?: string;
}

/** A text of this page's own, which has all three. */
export type Text = Required<Bilingual>;

export function languageOf({ pathname, search }: Pick<Location, 'pathname' | 'search'>): Language {
  if (/^\/en(\/|$)/.test(pathname)) return 'en';
  return new URLSearchParams(search).has('easy') ? 'easy' : 'ja';
}

export function addressOf(language: Language): string {
  return { ja: '/ja', en: '/en', easy: '/ja?easy' }[language];
}

export function htmlLanguage(language: Language): 'ja' | 'en' {
  return language === 'en' ? 'en' : 'ja';
}

/** The language shown beside the page's own; easy Japanese stands alone. */
export function secondOf(language: Language): 'ja' | 'en' | null {
  return ({ ja: 'en', en: 'ja', easy: null } as const)[language];
}

export function textIn(text: Bilingual, language: Language): string {
  return language === 'easy' ? (text.easy ?? text.ja) : text[language];
}

export function inOrder(text: Bilingual, first: Language, separator = ' '): string {
  const second = secondOf(first);
  if (second === null || text.ja === text.en) return textIn(text, first);
  return textIn(text, first) + separator + text[second];
}
