import type { Segment } from '../api/segments';
import type { LegendContent } from '../api/style';
import { messages } from '../i18n';
import { jstMoment } from '../jst';
import { textIn, type Language } from '../language';
import { stateLabel } from '../road-states';
import { shownDirections } from './directions';
import { roadName } from './owner';

/** For a screen reader: changes only when a fact does, so that the ticking minutes stay silent. */
export function spokenStatus(segment: Segment, legend: LegendContent, language: Language): string {
  const nowMs = Date.parse(segment.now);
  const sentences = shownDirections(segment).map(({ heading, status }) => {
    const label = legend.states.find(({ code }) => code === status.state_code);
    const parts = [textIn(heading, language), label === undefined ? '' : textIn(stateLabel(label), language)];
    if (status.cleared_at !== null) {
      parts.push(`${textIn(messages.lastCleared, language)} ${textIn(jstMoment(Date.parse(status.cleared_at), nowMs), language)}`);
    } else if (status.last_pass_at !== null) {
      parts.push(`${textIn(messages.passedOnly, language)} ${textIn(jstMoment(Date.parse(status.last_pass_at), nowMs), language)}`);
    }
    return parts.join(' ');
  });
  return [roadName(segment) ?? textIn(messages.unnamedRoad, language), ...sentences].join(language === 'en' ? '. ' : '。');
}
