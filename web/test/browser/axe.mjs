import axe from 'axe-core';

/** @typedef {import('playwright-core').Page} Page */

/**
 * What axe finds against WCAG 2.2 AA, as text. The page's policy lets no foreign script in, so that it is
 * evaluated from outside.
 * @param {Page} page
 */
export async function axeViolations(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    /** @type {any} */ (window).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return violations.flatMap((/** @type {any} */ violation) =>
    violation.nodes.map((/** @type {any} */ node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
  );
}
