/**
 * The rules of axe (https://github.com/dequelabs/axe-core), applied to the page as it is shown.
 *
 * @module
 */

import type { Page } from "playwright-core";

/** Rules of WCAG 2.2 up to level AA, and the advice of axe itself. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The outcome of the rules. */
export interface Judged {
  /** Number of rules that applied and hold. */
  readonly held: number;
  /** One line for each violation. */
  readonly violations: readonly string[];
}

/** A result of axe, as far as it is used here. */
interface AxeResults {
  readonly passes: readonly unknown[];
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** Applies the rules. The window must have been opened with `bypassCSP`: axe is no part of the page. */
export async function judge(page: Page): Promise<Judged> {
  if (await page.evaluate("typeof axe") === "undefined") {
    const { default: axe } = await import("axe-core");
    await page.evaluate(axe.source);
  }
  const options = JSON.stringify({ runOnly: { type: "tag", values: TAGS } });
  const { passes, violations } = await page.evaluate(`axe.run(document, ${options})`) as AxeResults;
  return {
    held: passes.length,
    violations: violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary = "" }) => `${id}: ${help}\n  ${html}\n  ${failureSummary}`)
    ),
  };
}
