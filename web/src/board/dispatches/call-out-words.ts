import type { Bilingual } from '../../language';
import type { OfficerAction } from './call-outs';
import type { CallOutState } from './counts';

export const callOutStates = {
  awaiting_approval: { ja: '承認待ち', en: 'Awaiting approval' },
  standby: { ja: '待機', en: 'Standby' },
  requested: { ja: '出動要請中', en: 'Requested' },
  accepted: { ja: '出動可', en: 'Accepted' },
  delayed: { ja: '遅延', en: 'Delayed' },
  declined: { ja: '不能', en: 'Impossible' },
  started: { ja: '作業中', en: 'Working' },
  overdue: { ja: '期限超過', en: 'Overdue' },
  unconfirmed: { ja: '未確認', en: 'Unconfirmed' },
  completed: { ja: '完了', en: 'Completed' },
  cancelled: { ja: '解除', en: 'Cancelled' },
} as const satisfies Record<CallOutState, Bilingual>;

export const declineReasons = {
  breakdown: { ja: '機械故障', en: 'Breakdown' },
  people: { ja: '人員不足', en: 'No people' },
  blizzard: { ja: '猛吹雪', en: 'Blizzard' },
} as const satisfies Record<string, Bilingual>;

/** What happened, as the timeline names it. */
export const eventWords = {
  opened: { ja: '発令', en: 'Opened' },
  crossed: { ja: '基準到達', en: 'Threshold crossed' },
  fell_below: { ja: '基準を下回る', en: 'Fell below' },
  tick: { ja: '連絡', en: 'Calling' },
  undelivered: { ja: '不達', en: 'Not delivered' },
  answered: { ja: '回答', en: 'Answered' },
  seen: { ja: '作業を確認', en: 'Work seen' },
  approved: { ja: '承認', en: 'Approved' },
  cancelled: { ja: '解除', en: 'Cancelled' },
  escalated: { ja: '次の連絡先へ', en: 'Escalated' },
  ordered_other: { ja: '他社に出動要請', en: 'Another firm ordered' },
  silenced: { ja: '連絡を一時停止', en: 'Silenced' },
  reported: { ja: '申告', en: 'Reported' },
  progress: { ja: '進捗', en: 'Progress' },
} as const satisfies Record<string, Bilingual>;

/** Of the night's rounds (巡) in a zone, which. */
export function roundText(round: number): Bilingual {
  return { ja: `第${round}巡`, en: `round ${round}` };
}

/** What an officer does. */
export const actionWords = {
  approve: { ja: '承認して発令', en: 'Approve' },
  report: { ja: '申告を記録', en: 'Record a report' },
  escalate: { ja: '次の連絡先へ', en: 'Call the next' },
  order_other: { ja: '他社に要請', en: 'Order another firm' },
  silence: { ja: '連絡を止める', en: 'Silence' },
  cancel: { ja: '解除', en: 'Cancel it' },
} as const satisfies Record<OfficerAction, Bilingual>;
