import { expect, test } from 'vitest';
import { ServerClock } from '../../src/clock';

test.each([
  ['a right clock', 0],
  ['a phone two hours behind', 7_200_000],
  ['a phone a day ahead', -86_400_000],
])('%s', (_name, serverAheadMs) => {
  let deviceMs = 1_000_000;
  const clock = new ServerClock(() => deviceMs);
  clock.set(deviceMs + serverAheadMs, deviceMs, deviceMs);
  deviceMs += 5_000;
  expect(clock.nowMs()).toBe(1_005_000 + serverAheadMs);
});

test('the answer is taken to stem from half way between question and answer', () => {
  const clock = new ServerClock(() => 2_000);
  clock.set(11_000, 1_000, 2_000);
  expect(clock.offsetMs).toBe(9_500);
  expect(clock.nowMs()).toBe(11_500);
});

test('a server whose time runs faster is followed at each answer', () => {
  let deviceMs = 0;
  const clock = new ServerClock(() => deviceMs);
  for (const serverMs of [1_000_000, 1_600_000, 2_200_000]) {
    clock.set(serverMs, deviceMs, deviceMs);
    expect(clock.nowMs()).toBe(serverMs);
    deviceMs += 10_000;
  }
});
