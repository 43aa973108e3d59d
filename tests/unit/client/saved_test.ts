import { assert, assertEquals, assertGreater } from "@std/assert";
import { isOfLaterFormat, SAVED_DRAFTS, SAVED_MESSAGES } from "../../../client/core/saved.ts";
import { SAVED_TEXT_BYTES } from "../../../client/core/saved_parts.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { uuid } from "./fake_client.ts";
import { after, offline, resume, saved, sent } from "./saving_client.ts";

Deno.test("an outbox is checked in every part before it is put back, and the part is named", () => {
  const good = saved(offline());
  const [message] = good.messages;
  const draft = { to: { name: "bob" }, text: "hi" };
  const cases: readonly (readonly [unknown, string])[] = [
    [undefined, "the whole is nothing"],
    ["[]", "the whole is nothing"],
    [[], "the whole is nothing"],
    [{}, "format is nothing"],
    [{ ...good, format: 2 }, "their format is 2, and this program knows 1"],
    [{ ...good, cluster: 5 }, "cluster is nothing"],
    [{ ...good, of: "alice" }, "of is nothing"],
    [{ ...good, of: { name: "x".repeat(300) } }, "of.name is nothing"],
    [{ ...good, messages: {} }, "messages is nothing"],
    [
      { ...good, messages: Array(SAVED_MESSAGES + 1).fill(message) },
      "messages has 1001 entries, and at most 1000",
    ],
    [{ ...good, drafts: Array(SAVED_DRAFTS + 1).fill(draft) }, "drafts has 501 entries, and at most 500"],
  ];
  for (const [value, problem] of cases) {
    const client = after(value, false);
    assertEquals(client.effects.filter(({ kind }) => kind === "setAside"), [{
      kind: "setAside",
      saved: value,
    }]);
    const [line, ...more] = client.said();
    assert(line?.startsWith(`!! the saved messages and drafts are not put back: ${problem}`), line);
    assertEquals(more, []);
  }
  console.log(`checked ${cases.length} things that are no outbox`);
});

Deno.test("an unreadable message or draft is left out and counted, and the others are put back", () => {
  const good = saved(offline());
  const [message] = good.messages;
  const broken = [
    null,
    { ...message, id: "7" },
    { ...message, to: { name: "bob", account: 1 } },
    { ...message, text: "\ud800" },
    { ...message, text: "x".repeat(SAVED_TEXT_BYTES + 1) },
    { ...message, timestamp: "5" },
    { ...message, status: "read" },
    { ...message, mayBeStored: 1 },
    { ...message, refusal: { code: 5, message: "" } },
    { ...message, refusal: { code: "busy" } },
  ];
  for (const each of broken) {
    const value = {
      ...good,
      messages: [each, { ...message, id: uuid(60) }],
      drafts: [{ to: { name: "bob" } }, { to: { name: "carol" }, text: "hi" }],
    };
    const client = after(value, false);
    const kinds = client.effects.map(({ kind }) => kind);
    assertEquals(kinds.indexOf("setAside") + 1, kinds.lastIndexOf("save"), kinds.join());
    assertEquals(client.effects.find(({ kind }) => kind === "setAside"), { kind: "setAside", saved: value });
    assertEquals(
      client.said().at(-1),
      "-- put back: 1 message, 1 draft; left out as unreadable or too long: 2",
    );
    assertEquals(saved(client).messages.map(({ id }) => id), [uuid(60)]);
    assertEquals(saved(client).drafts.map(({ text }) => text), ["hi"]);
  }
  console.log(`checked ${broken.length} messages that are none`);
});

Deno.test("isOfLaterFormat() is true for a higher number alone", () => {
  const good = saved(offline());
  const others = [undefined, null, 7, "2", [], {}, good, { ...good, format: 0 }, { ...good, format: "2" }];
  assertEquals(others.filter(isOfLaterFormat), []);
  assertEquals(isOfLaterFormat({ ...good, format: 2 }), true);
});

Deno.test("a failed message with an error code of a later release is put back, and can be sent again", () => {
  const good = saved(offline());
  const [message] = good.messages;
  const refusal = { code: "of-the-future", message: "bob is asleep" };
  const client = after({
    ...good,
    messages: [message, { ...message, id: uuid(60), status: "failed", refusal }],
  });
  resume(client);
  assertEquals(client.effects.filter(({ kind }) => kind === "setAside"), []);
  const failed = client.model.messages.get(uuid(60));
  assertEquals([failed?.status, failed?.refusal], ["failed", refusal]);
  client.give({ kind: "retry", id: uuid(60) });
  assertEquals(sent(client).length, 2);
});

Deno.test("an outbox with any part replaced is put back, refused, or set aside where something is left out", () => {
  const random = new SeededNumbers(5);
  const text = JSON.stringify(saved(offline()));
  const counts = { refused: 0, leftOut: 0, putBack: 0 };
  for (let i = 0; i < 3_000; i++) {
    const from = random.below(text.length);
    const mutated = text.slice(0, from) + random.pick(["", "0", '"', "null", "{}", "é", "-"]) +
      text.slice(from + random.below(6));
    let value: unknown;
    try {
      value = JSON.parse(mutated);
    } catch {
      continue;
    }
    const client = after(value, false);
    const isRefused = client.effects.some(({ kind }) => kind === "failure");
    assertEquals(client.effects.some(({ kind }) => kind === "notice"), !isRefused);
    const isAside = client.effects.some(({ kind }) => kind === "setAside");
    const { size } = client.model.messages.unsent;
    assertEquals([isRefused && size > 0, isRefused && !isAside, !isAside && size === 0], [
      false,
      false,
      false,
    ]);
    isRefused ? counts.refused++ : isAside ? counts.leftOut++ : counts.putBack++;
  }
  assertGreater(Math.min(counts.refused, counts.leftOut, counts.putBack), 20);
  console.log(`checked ${counts.refused} refused, ${counts.leftOut} left out, ${counts.putBack} put back`);
});
