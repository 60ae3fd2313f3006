import type { Counted } from './counts';

/** How much of a zone is done since the call-out was opened. */
export interface Progress {
  readonly own_m: number;
  readonly done_m: number;
  readonly excused_m: number;
}

export type FirmAnswer =
  | { readonly answer: 'accept'; readonly machines: number | null; readonly eta: string | null }
  | { readonly answer: 'delay'; readonly until: string }
  | { readonly answer: 'decline'; readonly reason: string };

export interface TimelineEntry {
  readonly ordinal: number;
  readonly at: string;
  readonly kind: string;
  readonly state: string;
  readonly by: string | null;
}

/** A call-out as `/api/v1/dispatches` tells it. */
export interface CallOut {
  readonly id: number;
  readonly zone: string;
  readonly rule: string;
  readonly round: number;
  readonly drill: boolean;
  readonly state: string;
  readonly reason: string;
  readonly raised_at: string;
  readonly deadline: string | null;
  /** The firm that is responsible now; without a name where the book of contacts lacks it. */
  readonly contractor: { readonly code: string; readonly name: string | null } | null;
  /** The state is what a person said (申告), not what was seen. */
  readonly reported: boolean;
  readonly started_at: string | null;
  readonly answer: FirmAnswer | null;
  /** Firms that an officer ordered besides or instead. */
  readonly firms: readonly { readonly contractor: string; readonly role: 'aid' | 'substitute'; readonly answer: FirmAnswer | null }[];
  readonly doubt: { readonly why_ja: string; readonly since: string } | null;
  readonly silence: { readonly until: string; readonly by: string } | null;
  /** Nobody was reached: somebody is to telephone. */
  readonly call_by_hand_since: string | null;
  readonly progress: Progress | null;
  readonly timeline: readonly TimelineEntry[];
}

export function firmName({ contractor }: Pick<CallOut, 'contractor'>): string | null {
  return contractor === null ? null : (contractor.name ?? contractor.code);
}

export function isOver({ state }: Pick<CallOut, 'state'>): boolean {
  return state === 'completed' || state === 'cancelled';
}

export function counted({ state, answer, started_at }: CallOut): Counted {
  return { state, answered: answer !== null, started: started_at !== null };
}

/** Done of what there is to do, 0 to 1; 1 where all of it is excused. */
export function doneShare({ own_m, done_m, excused_m }: Progress): number {
  const todoM = own_m - excused_m;
  return todoM > 0 ? Math.min(1, Math.max(0, done_m / todoM)) : 1;
}

/** What an officer may do in a state, the likeliest first. */
export type OfficerAction = 'approve' | 'report' | 'escalate' | 'order_other' | 'silence' | 'cancel';

export function actionsIn(callOut: Pick<CallOut, 'state'>): OfficerAction[] {
  if (isOver(callOut)) return [];
  if (callOut.state === 'awaiting_approval') return ['approve', 'cancel'];
  if (callOut.state === 'standby') return ['approve', 'report', 'cancel'];
  if (callOut.state === 'started') return ['report', 'order_other', 'silence', 'cancel'];
  return ['report', 'escalate', 'order_other', 'silence', 'cancel'];
}

const URGENCY = [
  'awaiting_approval', 'declined', 'unconfirmed', 'overdue', 'requested', 'delayed', 'accepted', 'started', 'standby',
];

/** What a person has to look at first comes first; of two alike the one with the nearer deadline. */
export function byUrgency(callOuts: readonly CallOut[]): CallOut[] {
  const rank = ({ state }: CallOut) => {
    const found = URGENCY.indexOf(state);
    return found === -1 ? URGENCY.length : found;
  };
  const deadline = (callOut: CallOut) => callOut.deadline ?? '9';
  return [...callOuts].sort(
    (a, b) => rank(a) - rank(b) || deadline(a).localeCompare(deadline(b)) || a.raised_at.localeCompare(b.raised_at),
  );
}
