import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stop, usesOwnDemo } from '../session.mjs';

test('the demo stops cleanly', { skip: !usesOwnDemo }, async () => {
  const { exitCode, log } = await stop();
  assert.equal(exitCode, 0, log);
});
