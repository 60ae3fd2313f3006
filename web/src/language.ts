export type Language = 'ja' | 'en';

/** One text in both languages: every text of the page is shown in both, the page's own first. */
export interface Bilingual {
  readonly ja: string;
  readonly en: string;
}

export function languageOfPath(path: string): Language {
  return /^\/en(\/|$)/.test(path) ? 'en' : 'ja';
}

export function other(language: Language): Language {
  return language === 'ja' ? 'en' : 'ja';
}

export function inOrder(text: Bilingual, first: Language, separator = ' '): string {
  return text.ja === text.en ? text.ja : text[first] + separator + text[other(first)];
}
