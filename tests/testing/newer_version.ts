/**
 * Entries as a newer version may write them.
 *
 * @module
 */

import type { EncodedEntry } from "../../server/core/encoded_entry.ts";
import type { Entry } from "../../server/core/entry.ts";

/** Origin of these entries, and of no others. */
export const NEWER_ORIGIN = "node9#999999999999";

/** Types and members unknown to this version, in spellings that this program does not use. */
export const NEWER_TEXTS: readonly string[] = [
  `{ "type":"later", "seq":1.0,"stamp":10e2,"origin":"${NEWER_ORIGIN}" }`,
  `{"more":{"b":1,"a":[1.0, 10e2, -0, 0.10]},"origin":"${NEWER_ORIGIN}","seq":2,"stamp":1001,"type":"later"}`,
  `{"type":"messageSent","id":"m","to":"b.1","from":"a.1","content":"\\u0068ey","mood":"🐢\\ud83d\\udc22",` +
  `"seq":3,"stamp":1002, "origin":"${NEWER_ORIGIN}"}`,
  `{"origin":"${NEWER_ORIGIN}","seq":4,"stamp":1003,"type":"later","quote":",\\"batch\\":1,\\"left\\":0"}`,
];

/** The same, as a peer sends them. */
export function newerEntries(): EncodedEntry[] {
  const encoder = new TextEncoder();
  return NEWER_TEXTS.map((text) => ({ entry: JSON.parse(text) as Entry, json: encoder.encode(text) }));
}

/** The texts that are missing in a log. */
export function newerTextsMissing(log: string): string[] {
  return NEWER_TEXTS.filter((text) => !log.includes(`\n${text.slice(0, -1)},"batch":`));
}
