import { assertEquals } from "@std/assert";
import { encodePush } from "../../../common/protocol/codec.ts";
import { type FeatureSet, featureSet, NO_FEATURES } from "../../../common/protocol/features.ts";
import type { Push } from "../../../common/protocol/pushes.ts";
import { ByteWriter } from "../../../common/wire/bytes.ts";
import { PushFrames } from "../../../server/node/push_frames.ts";
import { type Outlet, Turn } from "../../../server/node/turn.ts";
import { MESSAGE } from "../../testing/protocol_samples.ts";

const [IDS, STATE] = [featureSet(["account-ids"]), featureSet(["cluster-state"])];

function message(): Push {
  return { name: "message", payload: { ...MESSAGE, senderAccount: "e01c", recipientAccount: "b0b" } };
}

/** An outlet that keeps the frames that leave. */
function outletOf(features: FeatureSet, left: Uint8Array[]): Outlet {
  return {
    features,
    leaves: (_kind, frame) => void left.push(frame.slice()),
    leavesTogether: (frames) => void left.push(frames.slice()),
    leavesInBlocks: () => {},
    leavesCopied: () => {},
    releaseHeld: () => true,
    drop: () => {},
  };
}

Deno.test("PushFrames.add() encodes a push once for each set of features, in any order of sessions", () => {
  const frames = new PushFrames();
  const turn = new Turn(new ByteWriter());
  const push = message();
  const left: Uint8Array[] = [];
  const sets = [NO_FEATURES, IDS, NO_FEATURES, STATE, IDS, STATE | IDS, NO_FEATURES, STATE];
  for (const features of sets) frames.add(turn, outletOf(features, left), "push", { push });
  const bytes = [NO_FEATURES, IDS, STATE, STATE | IDS].map((features) => encodePush(push, features).length);
  assertEquals(turn.frames.length, bytes.reduce((sum, length) => sum + length));
  turn.release();
  assertEquals(left, sets.map((features) => encodePush(push, features)));
});

Deno.test("PushFrames.add() takes no frame of another push, and none from before clear()", () => {
  const frames = new PushFrames();
  const left: Uint8Array[] = [];
  const outlet = outletOf(IDS, left);
  const push = message();
  const length = encodePush(push, IDS).length;
  const turn = new Turn(new ByteWriter());
  frames.add(turn, outlet, "push", { push });
  frames.add(turn, outlet, "push", { push: message() });
  assertEquals(turn.frames.length, 2 * length);
  frames.clear();
  const next = new Turn(new ByteWriter());
  frames.add(next, outlet, "push", { push });
  assertEquals(next.frames.length, length);
});
