import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startPoll } from '../../src/poll';

class FakePage extends EventTarget {
  hidden = false;
  setHidden(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

let page: FakePage & Pick<Document, 'addEventListener' | 'removeEventListener'>;
const options = () => ({ intervalMs: 10_000, retryMs: 5_000, page });

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakePage() as typeof page;
});
afterEach(() => vi.useRealTimers());

test('runs at once and then at the interval', async () => {
  const task = vi.fn(async () => {});
  const poll = startPoll(task, options());
  expect(task).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(task).toHaveBeenCalledTimes(4);
  poll.stop();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(task).toHaveBeenCalledTimes(4);
});

test('tries again sooner after a failure', async () => {
  const task = vi.fn(async () => Promise.reject(new Error('down')));
  const poll = startPoll(task, options());
  await vi.advanceTimersByTimeAsync(10_000);
  expect(task).toHaveBeenCalledTimes(3);
  poll.stop();
});

test('rests while the page is hidden and runs at once when it is seen', async () => {
  const task = vi.fn(async () => {});
  const poll = startPoll(task, options());
  page.setHidden(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(task).toHaveBeenCalledTimes(1);
  page.setHidden(false);
  expect(task).toHaveBeenCalledTimes(2);
  poll.stop();
});

test('never runs twice at a time', async () => {
  const task = vi.fn(() => new Promise<void>(() => {}));
  const poll = startPoll(task, options());
  poll.runNow();
  page.setHidden(true);
  page.setHidden(false);
  expect(task).toHaveBeenCalledTimes(1);
  poll.stop();
});
