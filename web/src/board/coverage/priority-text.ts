import type { Bilingual } from '../../language';
import { boardMessages } from '../messages';

/** The word for the API's priority: `emergency`, a class's number, or none. */
export function priorityText(priority: string | null): Bilingual {
  if (priority === null) return boardMessages.noPriority;
  if (priority === 'emergency') return boardMessages.emergencyRoute;
  return { ja: `第${priority}種`, en: `Class ${priority}` };
}
