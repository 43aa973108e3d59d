import { assertEquals, assertNotEquals } from "@std/assert";
import { stateHash } from "../../../server/commands/state_hash.ts";
import { State } from "../../../server/core/state.ts";
import { stateLines } from "../../../server/core/state_lines.ts";
import { FoldedState } from "../../testing/folded_state.ts";
import { sha256 } from "../../../server/process/system_ports.ts";

/** Enough for several chunks. */
const MESSAGES = 1_000;

function talk(messages: number, lastContent = "the last"): State {
  const folded = new FoldedState();
  const [ann, bob] = [folded.register("ann"), folded.register("bob")];
  for (let i = 1; i < messages; i++) folded.send(ann, bob, `m${i}`);
  folded.send(ann, bob, `m${messages}`, lastContent);
  return folded.state;
}

Deno.test("stateHash() is the SHA-256 of all lines", () => {
  for (const state of [new State(), talk(1), talk(MESSAGES)]) {
    const lines = [...stateLines(state)];
    assertEquals(stateHash(state), sha256(lines.map((line) => `${line}\n`).join("")));
  }
});

Deno.test("stateHash() is another one where a single content is", () => {
  assertEquals(stateHash(talk(MESSAGES)), stateHash(talk(MESSAGES)));
  assertNotEquals(stateHash(talk(MESSAGES)), stateHash(talk(MESSAGES, "the lost")));
});
