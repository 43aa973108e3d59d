/**
 * A page with a chat, and what every document of the page has.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ChatMessage } from "../../../../common/protocol/shapes.ts";
import { told } from "../../client/fake_client.ts";
import { FakePage, NOW } from "../page/fake_page.ts";

/** A message from bob, read unless it says otherwise. */
export function fromBob(number: number, more: Partial<ChatMessage> = {}): ChatMessage {
  return told(number, "bob", "alice", {
    senderAccount: "b0b1",
    status: "read",
    timestamp: NOW - 100 + number,
    ...more,
  });
}

/** alice in a chat with bob that has these messages. */
export function talking(...messages: readonly ChatMessage[]): FakePage {
  const page = new FakePage();
  const last = messages.at(-1) ?? fromBob(1);
  page.enter({ with: "bob", unread: 0, last });
  page.open("bob", messages.length > 0 ? messages : [last]);
  return page;
}

/** Elements of a document without which it is not usable by everybody. */
export function assertFrame(html: string): void {
  assertEquals([...html.matchAll(/<h1/g)].length, 1);
  assertEquals([...html.matchAll(/<main/g)].length, 1);
  for (const role of ["status", "alert", "log"]) assertStringIncludes(html, `role="${role}"`);
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
  assertEquals(ids.length, new Set(ids).size, `an id twice: ${ids}`);
  for (const [, labels = ""] of html.matchAll(/aria-(?:labelledby|describedby)="([^"]*)"/g)) {
    for (const label of labels.split(" ")) assert(ids.includes(label), `${label} is nowhere`);
  }
  for (const [button] of html.matchAll(/<button[^>]*>(?:<svg.*?<\/svg>)<\/button>/g)) {
    assertStringIncludes(button, "aria-label=");
  }
  assert(!/ style=/.test(html), "a style in the document");
}
