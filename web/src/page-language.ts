import { languageOf, textIn, type Bilingual } from './language';

/** Fixed for the life of the page: changing language is a navigation. */
export const pageLanguage = languageOf(location);

export function inPageLanguage(text: Bilingual): string {
  return textIn(text, pageLanguage);
}
