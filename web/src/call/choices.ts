import { isOver } from '../board/dispatches/call-outs';
import type { Answer, Call } from './api';

/** What the link's holder may say now, the likeliest first. */
export function choicesOf({ you, dispatch }: Pick<Call, 'you'> & { dispatch: { state: string; answer: unknown } }): Answer['answer'][] {
  if (isOver(dispatch)) return [];
  if (you.role === 'officer') return dispatch.state === 'awaiting_approval' ? ['approve', 'cancel'] : ['cancel'];
  if (dispatch.state === 'started') return ['complete', 'delay', 'decline'];
  // Who has said yes says next that work has begun; plows that are not seen by GPS say so only here.
  if (dispatch.answer !== null && dispatch.state !== 'declined') return ['start', 'complete', 'delay', 'decline', 'accept'];
  return ['accept', 'delay', 'decline'];
}
