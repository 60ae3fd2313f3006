import { languageOfPath } from './language';

/** Fixed for the life of the page: changing language is a navigation between `/ja` and `/en`. */
export const pageLanguage = languageOfPath(location.pathname);
