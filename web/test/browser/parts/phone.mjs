import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE } from '../chromium.mjs';
import { eventually } from '../eventually.mjs';
import { colouredSegmentCount, goToColouredSegment, mapIdle, mapReady, networkBox } from '../map-probe.mjs';
import { noteErrors, openPage, docsScreenshot, session } from '../session.mjs';

const COLOURED_WITHIN_MS = 90_000;
const LEAST_TOUCH_PX = 44;

test('on a phone all fits, and what is touched is large enough', async () => {
  const phone = await openPage({ viewport: PHONE, hasTouch: true, isMobile: true }, noteErrors);
  await phone.goto(session.url);
  await mapReady(phone);
  const [network, legend] = [await networkBox(phone), await phone.locator('.legend').boundingBox()];
  assert.ok(legend !== null && network.top >= legend.y + legend.height, `the legend hides the network: ${JSON.stringify({ network, legend })}`);
  assert.ok(network.left >= 0 && network.right <= PHONE.width && network.bottom <= PHONE.height, JSON.stringify(network));
  await eventually('coloured segments', COLOURED_WITHIN_MS, () => colouredSegmentCount(phone), (count) => count > 0);
  const segment = await goToColouredSegment(phone);
  await phone.touchscreen.tap(segment.point.x, segment.point.y);
  await phone.locator('.panel .sources .state').first().waitFor();
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
  const small = await phone.evaluate((leastPx) => {
    const controls = [...document.querySelectorAll('button, summary, input, .panel a')];
    return controls
      .filter((control) => control.checkVisibility() && control.closest('.maplibregl-ctrl-attrib') === null)
      .filter((control) => control.getBoundingClientRect().height < leastPx || control.getBoundingClientRect().width < leastPx)
      .map((control) => control.textContent || control.className);
  }, LEAST_TOUCH_PX);
  assert.deepEqual(small, []);
  await mapIdle(phone);
  await docsScreenshot(phone, 'demo-phone');
  await phone.context().close();
});
