import { assert, assertEquals } from "@std/assert";
import { ORIGIN_LENGTH_MAX } from "../../../server/core/entry.ts";
import { isEntry } from "../../../server/core/entry_check.ts";

const PLACE = { origin: "node1#5f2a9c01d3b4", seq: 1, stamp: 1_790_000_000_000_000 };
const MARKS = { sender: "ada.1", recipient: "bob.2", ids: ["m"] };

const GOOD: readonly Readonly<Record<string, unknown>>[] = [
  { type: "accountCreated", account: "ada.1", name: "Ada", hash: "" },
  { type: "passwordChanged", account: "ada.1", hash: "h", generation: 1 },
  { type: "passwordRehashed", account: "ada.1", password: "node1#5f2a9c01d3b4/1", hash: "h" },
  { type: "accountDeleted", account: "ada.1" },
  { type: "accountDisabled", account: "ada.1", generation: 1 },
  { type: "accountEnabled", account: "ada.1", generation: 2 },
  { type: "nameForgotten", account: "ada.1" },
  { type: "personBlocked", account: "ada.1", person: "bob.2", generation: 1 },
  { type: "personUnblocked", account: "ada.1", person: "bob.2", generation: 2 },
  { type: "invitationMade", invitation: "i", uses: 1, until: 2 },
  { type: "invitationRevoked", invitation: "i" },
  { type: "tokenIssued", account: "ada.1", token: "t", password: "p" },
  { type: "tokenRevoked", account: "ada.1", token: "t", issued: "i" },
  { type: "tokensUsed", account: "ada.1", tokens: ["t"] },
  { type: "messageSent", id: "m", from: "ada.1", to: "bob.2", content: "" },
  { type: "messagesDelivered", ...MARKS },
  { type: "messagesRead", ...MARKS },
  { type: "messagesDeleted", ...MARKS },
  { type: "messagesHidden", ...MARKS },
  { type: "fingerprintKeyMade", account: "ada.1", key: "" },
  { type: "addressKeyMade", account: "ada.1", key: "" },
  { type: "addressKnown", account: "ada.1", address: "" },
];

const OPTIONAL: readonly Readonly<Record<string, unknown>>[] = [
  { type: "accountCreated", account: "ada.1", name: "Ada", hash: "", by: "operator" },
  { type: "passwordChanged", account: "ada.1", hash: "h", generation: 1, keeps: "t" },
  { type: "passwordChanged", account: "ada.1", hash: "h", generation: 1, by: "operator" },
  { type: "accountCreated", account: "ada.1", name: "Ada", hash: "", invitation: "i" },
  { type: "accountDeleted", account: "ada.1", by: "operator" },
  { type: "accountDisabled", account: "ada.1", generation: 1, at: 1 },
  { type: "tokenRevoked", account: "ada.1", token: "t", issued: "i", by: "operator" },
  { type: "messageSent", id: "m", from: "ada.1", to: "bob.2", content: "c", at: 1 },
  { type: "messageSent", id: "m", from: "ada.1", to: "bob.2", content: "", digest: 1 },
  { type: "messagesDeleted", ...MARKS, fingerprints: ["f"] },
  { type: "addressKnown", account: "ada.1", address: "a", at: 1 },
];

Deno.test("isEntry() takes every event, and those of a newer version", () => {
  for (const event of [...GOOD, ...OPTIONAL]) assert(isEntry({ ...PLACE, ...event }), JSON.stringify(event));
  assert(isEntry({ ...PLACE, type: "somethingNew", what: {} }));
  assert(isEntry({ ...PLACE, type: "constructor" }));
});

Deno.test("isEntry() bounds the origin, which stands in every hello of a node that has the entry", () => {
  const ofOrigin = (origin: string) =>
    isEntry({ ...PLACE, origin, type: "accountDeleted", account: "ada.1" });
  assert(ofOrigin(`${"n".repeat(ORIGIN_LENGTH_MAX - 2)}#1`));
  const wrong = [`${"n".repeat(ORIGIN_LENGTH_MAX - 1)}#1`, "node1", "", "node1#\ud800"];
  for (const origin of wrong) assert(!ofOrigin(origin), origin.slice(0, 20));
});

Deno.test("isEntry() refuses an event without one of its members, or with another type in it", () => {
  let refused = 0;
  for (const event of [...GOOD, ...OPTIONAL]) {
    const entry: Readonly<Record<string, unknown>> = { ...PLACE, ...event };
    for (const name of Object.keys(entry)) {
      const { [name]: _left, ...without } = entry;
      const isOptional = ["keeps", "at", "by", "digest", "fingerprints"].includes(name) ||
        name === "invitation" && event["type"] === "accountCreated";
      assertEquals(isEntry(without), isOptional, `${event["type"]} without ${name}`);
      for (const wrong of [null, {}, [1], true, -1, 0.5]) {
        assert(
          !isEntry({ ...entry, [name]: wrong }),
          `${event["type"]} with ${name} ${JSON.stringify(wrong)}`,
        );
        refused++;
      }
    }
  }
  for (const value of [null, undefined, 1, "text", [], {}]) assert(!isEntry(value));
  console.log(`${refused} wrong members refused`);
});
