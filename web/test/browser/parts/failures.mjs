import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapReady } from '../map-probe.mjs';
import { openPage, session } from '../session.mjs';

test('without WebGL a message says so in both languages', async () => {
  const plain = await openPage({}, (opened) =>
    opened.addInitScript(() => (HTMLCanvasElement.prototype.getContext = () => null)),
  );
  await plain.goto(session.url);
  const message = await plain.locator('.message').innerText();
  assert.match(message, /地図を表示できません/);
  assert.match(message, /The map cannot be drawn/);
  await plain.context().close();
});

test('while the server fails a message says so in both languages, and the map comes when it is back', async () => {
  const failing = /\/(style\.json|api\/)/;
  const early = await openPage({}, (opened) => opened.route(failing, (route) => route.abort()));
  await early.goto(session.url);
  const message = early.locator('.message');
  await message.waitFor();
  assert.match(await message.innerText(), /サーバーに接続できません[^]*The server cannot be reached/);
  await early.unroute(failing);
  await mapReady(early);
  assert.equal(await message.count(), 0);
  await early.context().close();
});

test('the shell does not wait for the map library', async () => {
  const shell = await openPage({}, (opened) => opened.route(/road-map/, () => {}));
  await shell.goto(session.url);
  await shell.locator('.legend').waitFor();
  await shell.locator('.contact.good').waitFor();
  await shell.context().close();
});
