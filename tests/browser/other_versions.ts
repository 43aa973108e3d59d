/**
 * Versions of the page and its node that meet the present one: there is no released one with a page yet.
 *
 * @module
 */

import type { Page } from "playwright-core";
import { EN } from "../../client/web/texts/en.ts";
import { VERSION } from "../../common/version.ts";
import type { Differences, Patch } from "../testing/other_build.ts";

/** Versions of the other builds, as their pages and nodes say them. */
export const [EARLIER_VERSION, LATER_VERSION] = ["0.9.0", "99.0.0"];

function version(other: string): Patch {
  return ["common/version.ts", `"${VERSION}"`, `"${other}"`];
}

/** A node without any feature, which knows neither FEATURES nor SEARCH nor WATCH nor BLOCK, and a page of its time. */
export const EARLIER: Differences = {
  both: [
    version(EARLIER_VERSION),
    [
      "common/protocol/features.ts",
      `[
  "account-ids",
  "block",
  "cluster-state",
  "invitations",
  "nodes",
  "search",
  "web",
  "watch",
] as const`,
      `[] as string[]`,
    ],
    [
      "client/core/addressing.ts",
      "return node?.welcome.features?.includes(feature) ?? false;",
      "return false;",
    ],
    ["common/protocol/requests.ts", "type: 19,", "type: 1019,"],
    ["common/protocol/requests.ts", "type: 20,", "type: 1020,"],
    ["common/protocol/requests.ts", "type: 21,", "type: 1021,"],
    ["common/protocol/requests.ts", "type: 22,", "type: 1022,"],
    ["common/protocol/requests.ts", "type: 23,", "type: 1023,"],
  ],
};

/** A field that no version has, behind the others of every dictionary that the node sends. */
const STRANGE_FIELD = `
  text.write(writer, "field of a later version", NO_FEATURES);
  writer.uint8(TAG.boolean);
  writer.uint8(1);
  writer.uint32At(countOffset, count + 1);`;

/** A push of a type that no version has, in front of every other one. */
const STRANGE_PUSH = `
  writer.int64(999);
  writer.uint32(0);
  appendRow(writer, PUSHES[push.name], push.payload, features);`;

/**
 * A node with a feature, fields, pushes and an error code that no version has, and a page of its time, which keeps
 * things in the browser in another format and still reads the present one.
 */
export const LATER: Differences = {
  both: [
    version(LATER_VERSION),
    ["common/protocol/features.ts", `"watch",\n] as const`, `"watch",\n  "telepathy",\n] as const`],
    ["client/core/saved.ts", "const FORMAT = 1;", "const FORMAT = 2;"],
    ["client/core/saved.ts", "if (format !== FORMAT)", "if (format !== 1 && format !== FORMAT)"],
    ["client/core/kept.ts", "const FORMAT = 1;", "const FORMAT = 2;"],
    ["client/web/index.html", "<body>", `<body class="later"><div id="later"></div>`],
    ["client/web/style.css", "\n.excess {", "\n.later .excess {"],
  ],
  node: [
    ["common/protocol/dictionary.ts", "\n  writer.uint32At(countOffset, count);", STRANGE_FIELD],
    [
      "common/protocol/codec.ts",
      "\n  appendRow(writer, PUSHES[push.name], push.payload, features);",
      STRANGE_PUSH,
    ],
    ["server/core/messages/bounds.ts", `refusal("inbox-full", `, `refusal("mailbox-asleep", `],
  ],
};

/** The version of a page, as it says it. */
export async function versionOf(page: Page): Promise<string> {
  await page.evaluate(`location.hash = "#/about"`);
  const version = page.locator("dt", { hasText: EN.about.version }).locator("xpath=following-sibling::dd[1]");
  return await version.innerText();
}
