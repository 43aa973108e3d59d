import { assertEquals } from "@std/assert";
import type { Push } from "../../../common/protocol/pushes.ts";
import { encodePush } from "../../../common/protocol/codec.ts";
import { NO_FEATURES } from "../../../common/protocol/features.ts";
import { ByteWriter } from "../../../common/wire/bytes.ts";
import { PushFrames } from "../../../server/node/push_frames.ts";
import { type Outlet, Turn } from "../../../server/node/turn.ts";
import { PRESENCE_MS } from "../../../server/node/presence_news.ts";
import { NodeHarness } from "../../testing/node_harness.ts";

const CROWD = 12;

function person(name: string): Push {
  return { name: "person", payload: { name, account: `${name}.1`, change: "online" } };
}

/** An outlet that notes the number of pushes, and the bytes, of each call. */
class Noting implements Outlet {
  readonly features = NO_FEATURES;
  readonly calls: (readonly [pushes: number, bytes: number])[] = [];

  leaves = (_kind: unknown, frame: Uint8Array): void => void this.calls.push([1, frame.length]);
  leavesTogether = (frames: Uint8Array, sources: readonly unknown[]): void =>
    void this.calls.push([sources.length, frames.length]);
  leavesInBlocks = (): void => {};
  leavesCopied = (): void => {};
  releaseHeld = (): boolean => true;
  drop = (): void => {};
}

Deno.test("Turn.release() gives pushes in order together if they stand one behind the other and are for one session", () => {
  const turn = new Turn(new ByteWriter());
  const [one, two] = [new Noting(), new Noting()];
  const shared = ["ann", "bob", "cleo"].map((name) => ({ push: person(name), frames: new PushFrames() }));
  const add = (outlet: Outlet, ...numbers: readonly number[]): void => {
    for (const number of numbers) {
      const { push, frames } = shared[number] ?? { push: person("dan"), frames: new PushFrames() };
      frames.add(turn, outlet, "push in order", { push });
    }
  };
  add(one, 0, 1, 2);
  add(two, 1, 2);
  add(one, 0);
  add(two, 2, 0);
  const start = turn.frames.length;
  turn.frames.uint8(1);
  turn.add(one, "reply", start, turn.frames.length);
  add(one, 3, 3);
  turn.release();
  const [ann = 0, bob = 0, cleo = 0, dan = 0] = ["ann", "bob", "cleo", "dan"].map((name) =>
    encodePush(person(name), NO_FEATURES).length
  );
  assertEquals(one.calls, [[3, ann + bob + cleo], [1, ann], [1, 1], [2, 2 * dan]]);
  assertEquals(two.calls, [[2, bob + cleo], [1, cleo], [1, ann]]);
});

Deno.test("pushes that leave together are owed one by one to a client without room", () => {
  const harness = new NodeHarness();
  const crowd = Array.from({ length: CROWD }, (_, i) => `c${String(i).padStart(2, "0")}`);
  for (const name of crowd) harness.login(name).session.disconnected();
  const eve = harness.login("eve");
  eve.tell("useFeatures", { use: ["watch"] });
  eve.tell("watchPeople", { people: { match: "c*", limit: 500 } });
  harness.pass(60_000);
  harness.node.replicated();
  eve.takePushes();
  const room = { hasRoom: false, frames: 0 };
  const take = (frames: Uint8Array): void => {
    room.frames++;
    eve.receive(frames);
  };
  eve.pipe = {
    get hasRoom(): boolean {
      return room.hasRoom;
    },
    send: take,
    give: take,
    owe: () => {},
  };
  const clients = crowd.map((name) => harness.login(name));
  harness.pass(1_000);
  harness.node.replicated();
  harness.settle();
  clients[3]?.session.disconnected();
  for (let passed = 0; passed < 2 * PRESENCE_MS; passed += 500) {
    harness.pass(500);
    harness.node.replicated();
    harness.settle();
  }
  assertEquals(room.frames, 0);
  room.hasRoom = true;
  eve.session.outlet.relieved();
  const told = eve.takePushes().map(({ payload }) =>
    payload !== null && "change" in payload && "name" in payload ? `${payload.name} ${payload.change}` : ""
  );
  const others = crowd.filter((name) => name !== "c03").map((name) => `${name} online`);
  assertEquals(told.sort(), [...others, "c03 offline"].sort(), "of each person the last state");
  assertEquals(room.frames, CROWD);
});
