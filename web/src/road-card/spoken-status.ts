import type { Segment } from '../api/segments';
import type { LegendContent } from '../api/style';
import { messages } from '../i18n';
import { jstMoment } from '../jst';
import type { Language } from '../language';
import { shownDirections } from './directions';
import { roadName } from './owner';

/** For a screen reader: changes only when a fact does, so that the ticking minutes stay silent. */
export function spokenStatus(segment: Segment, legend: LegendContent, language: Language): string {
  const nowMs = Date.parse(segment.now);
  const sentences = shownDirections(segment).map(({ heading, status }) => {
    const label = legend.states.find(({ code }) => code === status.state_code);
    const parts = [heading[language], label?.[language] ?? ''];
    if (status.cleared_at !== null) {
      parts.push(`${messages.lastCleared[language]} ${jstMoment(Date.parse(status.cleared_at), nowMs)[language]}`);
    } else if (status.last_pass_at !== null) {
      parts.push(`${messages.passedOnly[language]} ${jstMoment(Date.parse(status.last_pass_at), nowMs)[language]}`);
    }
    return parts.join(' ');
  });
  return [roadName(segment) ?? messages.unnamedRoad[language], ...sentences].join(language === 'ja' ? '。' : '. ');
}
