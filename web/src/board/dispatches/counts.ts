/** How far a call-out is, as the API names it. */
export type CallOutState =
  | 'standby'
  | 'awaiting_approval'
  | 'requested'
  | 'accepted'
  | 'delayed'
  | 'declined'
  | 'started'
  | 'completed'
  | 'overdue'
  | 'cancelled'
  | 'unconfirmed';

export interface Counted {
  readonly state: string;
  /** Whether a firm has said anything. */
  readonly answered: boolean;
  readonly started: boolean;
}

export interface Counts {
  /** 発令: ordered and not over. */
  readonly ordered: number;
  /** 応答なし: ordered, and no firm has said anything. */
  readonly unanswered: number;
  /** 着手: work was seen or reported. */
  readonly started: number;
  /** 未確認: a person has to ask. */
  readonly unconfirmed: number;
  /** 不能: the firm can't. */
  readonly impossible: number;
  /** 承認待ち: an officer decides. */
  readonly awaitingApproval: number;
  /** 期限超過. */
  readonly overdue: number;
}

const NOT_ORDERED: ReadonlySet<string> = new Set(['standby', 'awaiting_approval', 'completed', 'cancelled']);

export function countsOf(callOuts: readonly Counted[]): Counts {
  const count = (counts: (callOut: Counted) => boolean) => callOuts.filter(counts).length;
  const ordered = (callOut: Counted) => !NOT_ORDERED.has(callOut.state);
  return {
    ordered: count(ordered),
    unanswered: count((one) => ordered(one) && !one.answered && !one.started),
    started: count((one) => ordered(one) && one.started),
    unconfirmed: count(({ state }) => state === 'unconfirmed'),
    impossible: count(({ state }) => state === 'declined'),
    awaitingApproval: count(({ state }) => state === 'awaiting_approval'),
    overdue: count(({ state }) => state === 'overdue'),
  };
}
