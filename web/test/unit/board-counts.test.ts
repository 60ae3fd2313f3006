import { expect, test } from 'vitest';
import { countsOf } from '../../src/board/dispatches/counts';

test('each call-out counts where its state says, and what is over counts nowhere', () => {
  const one = (state: string, answered = false, started = false) => ({ state, answered, started });
  const counts = countsOf([
    one('standby'),
    one('awaiting_approval'),
    one('requested'),
    one('accepted', true),
    one('delayed', true),
    one('declined', true),
    one('started', true, true),
    // A firm that starts without a word has answered by starting.
    one('started', false, true),
    one('overdue', false),
    one('overdue', true, true),
    one('unconfirmed', true),
    one('completed', true, true),
    one('cancelled'),
  ]);
  expect(counts).toEqual({
    ordered: 9,
    unanswered: 2,
    started: 3,
    unconfirmed: 1,
    impossible: 1,
    awaitingApproval: 1,
    overdue: 2,
  });
});
