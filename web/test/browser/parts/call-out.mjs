import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { axeViolations } from '../axe.mjs';
import { noteBoardErrors } from '../board-page.mjs';
import { PHONE } from '../chromium.mjs';
import { eventually } from '../eventually.mjs';
import { OFFICER, OfficeProcess } from '../office-process.mjs';
import { openPage, screenshot, session } from '../session.mjs';

/** @typedef {import('playwright-core').Page} Page */

const SOON_MS = 30_000;

/** @type {OfficeProcess} */
let office;
/** @type {Page} */
let board;
/** @type {Page} */
let firm;

after(async () => {
  await office?.stop();
});

/** The link that the firm's contact was sent last. */
async function nextLink(/** @type {number} */ messagesBefore) {
  const sent = await eventually(
    'a message to the firm',
    SOON_MS,
    async () => office.messages.slice(messagesBefore).filter(({ whom }) => whom === 'taro'),
    (messages) => messages.length > 0,
  );
  const token = /\/call\/(\S+)$/.exec(sent[0]?.message.link ?? '')?.[1];
  assert.ok(token !== undefined, JSON.stringify(sent));
  return { message: sent[0]?.message, page: office.at(`/call/${token}`) };
}

/** @param {string} zone @param {boolean} drill */
async function callOut(zone, drill) {
  await board.locator('[data-action=new-call-out]').click();
  await board.locator('dialog input[name=zone]').fill(zone);
  await board.locator('dialog input[name=reason]').fill('新積雪 12 cm ≥ 10 cm、2 観測所');
  if (drill) await board.locator('dialog input[name=drill]').check();
  await board.locator('dialog [data-action=order]').click();
  await board.locator('dialog').waitFor({ state: 'detached' });
  const card = board.locator('[data-call-out]', { has: board.locator('h3', { hasText: zone }) });
  await card.waitFor();
  return card;
}

/** @param {string} name */
const count = (name) => board.locator(`[data-count=${name}] dd`).innerText();

test('an officer calls a firm out by hand', async () => {
  office = await OfficeProcess.start();
  board = await openPage({}, noteBoardErrors);
  await board.goto(office.at('/board?section=dispatches'));
  await board.locator('input[name=email]').fill(OFFICER.email);
  await board.locator('input[name=password]').fill(OFFICER.password);
  await board.locator('form button').click();
  const card = await callOut('A-1', false);
  assert.match(await card.innerText(), /出動要請中/);
  assert.match(await card.innerText(), /山田建設/);
  assert.deepEqual([await count('ordered'), await count('unanswered')], ['1', '1']);
  assert.deepEqual(await axeViolations(board), []);
  await screenshot(board, 'board-call-outs');
});

test('the firm’s page opens from the message without a login, and opening it answers nothing', async () => {
  const { message, page } = await nextLink(0);
  assert.match(message.title, /出動要請.*A-1/);
  firm = await openPage({ viewport: PHONE, hasTouch: true, isMobile: true }, noteBoardErrors);
  await firm.goto(page);
  await firm.locator('[data-answer=accept]').waitFor();
  const text = await firm.locator('main').innerText();
  for (const told of ['A-1', '新積雪 12 cm', '青森市', '山田太郎']) assert.ok(text.includes(told), `${told}: ${text}`);
  assert.equal(await firm.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
  assert.deepEqual(await axeViolations(firm), []);
  await screenshot(firm, 'call-phone');
  await firm.reload();
  await firm.locator('[data-state=requested]').waitFor();
  assert.equal(await count('unanswered'), '1');
});

test('出動可 with machines and time is on the board', async () => {
  await firm.locator('[data-answer=accept]').click();
  await firm.locator('input[name=machines]').fill('2');
  assert.deepEqual(await axeViolations(firm), []);
  await screenshot(firm, 'call-phone-accept');
  await firm.locator('[data-action=send]').click();
  await firm.locator('[data-state=accepted]').waitFor();
  await firm.locator('.sent').waitFor();
  const card = board.locator('[data-call-out]');
  await eventually('the answer on the board', SOON_MS, () => card.first().innerText(), (text) => /出動可[^]*2 台/.test(text));
  assert.deepEqual([await count('ordered'), await count('unanswered')], ['1', '0']);
});

test('the firm says when it starts; the officer records that it is done, as 申告', async () => {
  await firm.locator('[data-answer=start]').click();
  await firm.locator('[data-action=send]').click();
  await firm.locator('[data-state=started]').waitFor();
  const card = board.locator('[data-call-out]');
  await eventually('the start on the board', SOON_MS, () => count('started'), (started) => started === '1');
  await card.locator('[data-action=report]').click();
  await board.locator('dialog [data-phase=completed]').click();
  await board.locator('dialog input[name=said_by]').fill('山田太郎');
  await board.locator('dialog [data-action=act]').click();
  await card.waitFor({ state: 'detached' });
  assert.match(await board.locator('[data-table=call-outs]').innerText(), /完了/);
  await eventually(
    'the end on the firm’s page',
    SOON_MS,
    async () => (await firm.locator('[data-state=completed]').count()) > 0,
    (over) => over,
  );
  assert.equal(await firm.locator('[data-answer]').count(), 0);
  assert.match(await firm.locator('[data-part=history]').innerText(), /回答[^]*申告/);
});

test('a drill can’t be taken for the real thing, and 不能 takes a reason', async () => {
  const before = office.messages.length;
  await callOut('A-2', true);
  const { message, page } = await nextLink(before);
  assert.match(message.title, /訓練/);
  await firm.goto(page);
  await firm.locator('.drill').waitFor();
  await screenshot(firm, 'call-phone-drill');
  assert.deepEqual(await axeViolations(firm), []);
  assert.equal(await count('ordered'), '0', 'a drill is not counted');
  await firm.locator('[data-answer=decline]').click();
  assert.equal(await firm.locator('[data-action=send]').isDisabled(), true);
  await firm.locator('[data-reason=breakdown]').click();
  await firm.locator('[data-action=send]').click();
  await firm.locator('[data-state=declined]').waitFor();
  const card = board.locator('[data-call-out]');
  await eventually('不能 on the board', SOON_MS, () => card.innerText(), (text) => /不能[^]*機械故障/.test(text));
  assert.match(await card.innerText(), /訓練/);
  await card.locator('[data-action=cancel]').click();
  await board.locator('dialog input[name=reason]').fill('訓練終了');
  await board.locator('dialog [data-action=act]').click();
  await card.waitFor({ state: 'detached' });
  await firm.context().close();
  await board.context().close();
});

test('a link that nobody was sent is told so', async () => {
  // The browser itself writes the refused request to the console.
  const page = await openPage();
  await page.goto(office.at('/call/unknown'));
  await page.locator('[role=alert]').waitFor();
  assert.match(await page.locator('[role=alert]').innerText(), /無効か、期限/);
  await page.context().close();
  assert.deepEqual(session.consoleErrors, []);
  assert.equal(await office.stop(), 0);
});
