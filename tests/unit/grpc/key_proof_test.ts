import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  type KeyHolder,
  newNonce,
  type ProofStep,
  SourceProof,
  TargetProof,
  unprovenText,
} from "../../../server/grpc/key_proof.ts";
import type {
  AnswerMessage,
  ChallengeMessage,
  PeerMessage,
  RefusalCode,
} from "../../../server/ports/peer_message.ts";

const KEY = new Uint8Array(32).fill(7);
const ONE: KeyHolder = { name: "node1", cluster: "test", key: KEY, file: "cluster_key" };
const TWO: KeyHolder = { ...ONE, name: "node2" };

/** The end of node1 that dials `peer`. */
function source(holder = ONE, peer = "node2"): SourceProof {
  return new SourceProof(holder, peer, newNonce());
}

function target(holder = TWO): TargetProof {
  return new TargetProof(holder, newNonce());
}

/** The message of a step that has one. */
function said(step: ProofStep): PeerMessage {
  assert(step.result !== "refused" && step.say !== undefined, JSON.stringify(step));
  return step.say;
}

/** Leads an exchange up to the answer. */
function answered(near: SourceProof, far: TargetProof): AnswerMessage {
  return said(far.take(near.opening)) as AnswerMessage;
}

function assertRefused(step: ProofStep, code: RefusalCode = "key"): void {
  assertEquals(step.result === "refused" && step.code, code, JSON.stringify(step));
}

Deno.test("SourceProof and TargetProof prove their names to each other", () => {
  const [near, far] = [source(), target()];
  const step = near.take(answered(near, far));
  assertEquals([step.result, step.result === "proven" && step.name], ["proven", "node2"]);
  assertEquals(far.take(said(step)), { result: "proven", name: "node1" });
});

Deno.test("SourceProof says only its name and a nonce before the answer, and no two are the same", () => {
  const [one, other] = [source().opening, source().opening] as ChallengeMessage[];
  assertEquals(Object.keys(one ?? {}).sort(), ["node", "nonce", "type"]);
  assert(one?.nonce.toString() !== other?.nonce.toString());
});

Deno.test("SourceProof and TargetProof refuse another key, another cluster and another role", () => {
  for (const wrong of [{ key: new Uint8Array(32) }, { cluster: "other" }]) {
    const [near, far] = [source(), target({ ...TWO, ...wrong })];
    assertRefused(near.take(answered(near, far)));
    const honest = target();
    const liar = source({ ...ONE, ...wrong });
    const answer = answered(liar, honest);
    assertRefused(liar.take(answer));
    assertRefused(honest.take({ type: "proof", proof: new Uint8Array(32) }));
  }
});

Deno.test("TargetProof takes no proof that was reflected: that of the target is none of the source", () => {
  const far = target();
  const { proof } = answered(source(), far);
  assertRefused(far.take({ type: "proof", proof }));
  // A stranger at the port of node2 hands the challenge of node1 back to node1.
  const near = source();
  const mirror = target(ONE);
  assertRefused(near.take(answered(near, mirror)), "stranger");
  assertRefused(near.take({ ...near.opening, type: "answer", proof: new Uint8Array(32) } as AnswerMessage));
});

Deno.test("SourceProof and TargetProof take no proof of an earlier stream", () => {
  const [near, far] = [source(), target()];
  const answer = answered(near, far);
  const proof = said(near.take(answer));
  assertEquals(far.take(proof).result, "proven");
  assertRefused(source().take(answer));
  const later = target();
  later.take(near.opening);
  assertRefused(later.take(proof));
});

Deno.test("SourceProof and TargetProof take no proof of another name", () => {
  const near = source();
  assertRefused(near.take(answered(near, target({ ...TWO, name: "node3" }))), "stranger");
  assertRefused(near.take({ ...answered(near, target({ ...TWO, name: "node3" })), node: "node2" }));
  // node3 has the key and answers the challenge of node1 as node1 would.
  const far = target();
  const third = source({ ...ONE, name: "node3" });
  const answer = said(far.take({ ...third.opening, node: "node1" } as ChallengeMessage)) as AnswerMessage;
  assertRefused(third.take(answer));
});

Deno.test("SourceProof and TargetProof refuse everything else, at every place", () => {
  const [near, far] = [source(), target()];
  const answer = answered(near, far);
  const { opening } = near;
  const hello: PeerMessage = {
    type: "hello",
    major: 1,
    minor: 1,
    cluster: "test",
    node: "node1",
    wallMs: 0,
    version: [],
  };
  const short = new Uint8Array(31);
  for (const first of [hello, answer, { ...opening, nonce: short }] as PeerMessage[]) {
    assertRefused(target().take(first));
  }
  for (
    const second of [
      hello,
      opening,
      { ...answer, nonce: short },
      { ...answer, proof: short },
      { ...answer, proof: new Uint8Array(0) },
      { ...answer, proof: answer.proof.map((byte, i) => i === 31 ? byte ^ 1 : byte) },
    ] as PeerMessage[]
  ) assertRefused(source().take(second));
  for (const third of [hello, opening, answer] as PeerMessage[]) {
    const waiting = target();
    waiting.take(opening);
    assertRefused(waiting.take(third));
  }
});

Deno.test("unprovenText() names the file and the way out", () => {
  assertMatch(
    unprovenText("node2", ONE),
    /node2 has not proved .* cluster test, which node1 has in cluster_key; copy that file .* restart it/,
  );
});
