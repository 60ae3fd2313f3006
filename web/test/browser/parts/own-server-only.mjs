import assert from 'node:assert/strict';
import { test } from 'node:test';
import { session } from '../session.mjs';

test('no request left the server', () => {
  const { origin } = new URL(session.url);
  const elsewhere = session.requestedUrls.filter((requested) => !/^(blob|data):/.test(requested) && new URL(requested).origin !== origin);
  assert.deepEqual(elsewhere, []);
});

test('the console has no errors', () => {
  assert.deepEqual(session.consoleErrors, []);
});
