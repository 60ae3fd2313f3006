import { expect, test } from 'vitest';
import { actionsIn, byUrgency, doneShare, isOver, type CallOut } from '../../src/board/dispatches/call-outs';

function callOut(zone: string, state: string, deadline: string | null = null): CallOut {
  return {
    id: 1,
    zone,
    rule: 'r',
    round: 1,
    drill: false,
    state,
    reason: '',
    raised_at: '2026-01-15T01:00:00Z',
    deadline,
    contractor: null,
    reported: false,
    started_at: null,
    answer: null,
    firms: [],
    doubt: null,
    silence: null,
    call_by_hand_since: null,
    progress: null,
    timeline: [],
  };
}

test('what a person has to look at comes first, then the nearer deadline', () => {
  const sorted = byUrgency([
    callOut('started', 'started'),
    callOut('new state', 'something_new'),
    callOut('later', 'requested', '2026-01-15T07:00:00Z'),
    callOut('sooner', 'requested', '2026-01-15T06:00:00Z'),
    callOut('whenever', 'requested'),
    callOut('declined', 'declined'),
    callOut('approve', 'awaiting_approval'),
  ]);
  expect(sorted.map(({ zone }) => zone)).toEqual([
    'approve', 'declined', 'sooner', 'later', 'whenever', 'started', 'new state',
  ]);
});

test.each([
  [{ own_m: 1000, done_m: 250, excused_m: 0 }, 0.25],
  [{ own_m: 1000, done_m: 400, excused_m: 200 }, 0.5],
  [{ own_m: 1000, done_m: 1200, excused_m: 0 }, 1],
  [{ own_m: 300, done_m: 0, excused_m: 300 }, 1],
])('the share of %j is %d', (progress, share) => {
  expect(doneShare(progress)).toBe(share);
});

test('nothing is done to what is over, and a crossing is approved or cancelled', () => {
  expect(isOver({ state: 'completed' }) && isOver({ state: 'cancelled' })).toBe(true);
  expect(actionsIn({ state: 'cancelled' })).toEqual([]);
  expect(actionsIn({ state: 'awaiting_approval' })).toEqual(['approve', 'cancel']);
  expect(actionsIn({ state: 'started' })).not.toContain('escalate');
});
