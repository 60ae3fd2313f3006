import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 250;

/**
 * Asks again until the answer is accepted, or fails with the last one.
 * @template Answer
 * @param {string} what
 * @param {number} withinMs
 * @param {() => Promise<Answer>} ask
 * @param {(answer: Answer) => boolean} accept
 * @returns {Promise<Answer>}
 */
export async function eventually(what, withinMs, ask, accept) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (accept(answer)) return answer;
    if (Date.now() >= deadline) {
      throw new Error(`${what}: not within ${withinMs / 1000} s; the last answer was ${JSON.stringify(answer)}`);
    }
    await sleep(PAUSE_MS);
  }
}
