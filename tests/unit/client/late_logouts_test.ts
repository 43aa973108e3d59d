import { assertEquals } from "@std/assert";
import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import type { Request } from "../../../common/protocol/requests.ts";
import { eventually } from "../../testing/eventually.ts";
import { LateLogouts } from "../../../client/link/late_logouts.ts";

const OK: ConfirmedReply = { name: "ok", payload: null };
const BUSY: ConfirmedReply = { name: "error", payload: { code: "too-many-sessions", message: "" } };

/** A node that knows some tokens. */
class Stage {
  readonly tokens = new Set<string>();
  readonly heard: string[] = [];
  isThere = true;
  isBusy = false;
  /** Tokens whose logins the node refuses. */
  readonly refused = new Set<string>();
  /** Breaks the connection at this request. */
  breaksAt: Request["name"] | undefined;
  open = 0;
  /** Connections so far. */
  opened = 0;
  /** Answers nothing before this. */
  answers = Promise.resolve();
  readonly logouts: LateLogouts;

  /** @param againMs wait before the next try, ms */
  constructor(againMs?: number) {
    this.logouts = new LateLogouts(() => this.#open(), (name) => this.heard.push(name), againMs);
  }

  [Symbol.dispose](): void {
    this.logouts.close();
  }

  #open(): Promise<{ request(request: Request): Promise<ConfirmedReply>; close(): void }> {
    if (!this.isThere) return Promise.reject(new Error("no node is connected"));
    let token = "";
    this.open++;
    this.opened++;
    return Promise.resolve({
      request: async (request) => {
        await this.answers;
        if (request.name === this.breaksAt) throw new Error("connection reset");
        if (request.name === "logout") return this.tokens.delete(token) ? OK : BUSY;
        if (request.name !== "resume") throw new Error(`asked ${request.name}`);
        token = request.payload.token;
        if (this.isBusy || this.refused.has(token)) return BUSY;
        if (!this.tokens.has(token)) return { name: "loginFailed", payload: null };
        return { name: "loginSuccess", payload: { name: "", token, unread: 0 } };
      },
      close: () => this.open--,
    });
  }
}

Deno.test("LateLogouts.tell() ends each login at the node, and closes its connections", async () => {
  using stage = new Stage();
  for (const token of ["one", "two", "three"]) stage.tokens.add(token);
  stage.logouts.add("alice", "one");
  stage.logouts.add("bob", "two");
  stage.logouts.add("carol", "ended before");
  await Promise.all([stage.logouts.tell(), stage.logouts.tell()]);
  assertEquals([...stage.tokens], ["three"]);
  assertEquals([stage.heard, stage.open], [["alice", "bob", "carol"], 0]);
  await stage.logouts.tell();
  assertEquals(stage.heard.length, 3, "nothing is told twice");
});

Deno.test("LateLogouts.tell() leaves what the node does not end for the next one", async () => {
  using stage = new Stage();
  stage.tokens.add("one");
  stage.logouts.add("alice", "one");
  const obstacles: readonly (() => void)[] = [
    () => stage.isThere = false,
    () => stage.isBusy = true,
    () => stage.breaksAt = "resume",
    () => stage.breaksAt = "logout",
  ];
  for (const obstruct of obstacles) {
    Object.assign(stage, { isThere: true, isBusy: false, breaksAt: undefined });
    obstruct();
    await stage.logouts.tell();
    assertEquals([stage.heard, stage.open, stage.tokens.size], [[], 0, 1]);
  }
  Object.assign(stage, { isThere: true, isBusy: false, breaksAt: undefined });
  await stage.logouts.tell();
  assertEquals([stage.heard, stage.tokens.size], [["alice"], 0]);
  console.log(`${obstacles.length} obstacles`);
});

Deno.test("LateLogouts keeps the twenty newest, and nothing after its end", async () => {
  using stage = new Stage();
  for (let i = 0; i < 25; i++) stage.logouts.add(`user${i}`, `token${i}`);
  await stage.logouts.tell();
  assertEquals([stage.heard.length, stage.heard[0]], [20, "user5"]);
  stage.logouts.add("alice", "one");
  stage.logouts.close();
  await stage.logouts.tell();
  assertEquals(stage.heard.length, 20);
});

Deno.test("LateLogouts.tell() goes on behind a login that the node refuses to end", async () => {
  using stage = new Stage();
  for (const token of ["one", "two", "three"]) {
    stage.tokens.add(token);
    stage.logouts.add(`user of ${token}`, token);
  }
  stage.refused.add("one");
  await stage.logouts.tell();
  assertEquals([stage.heard, [...stage.tokens]], [["user of two", "user of three"], ["one"]]);
});

Deno.test("LateLogouts.tell() begins anew for a node that is there before the last one has failed", async () => {
  using stage = new Stage();
  stage.tokens.add("one");
  stage.logouts.add("alice", "one");
  const { promise, resolve } = Promise.withResolvers<void>();
  Object.assign(stage, { answers: promise, breaksAt: "resume" });
  const telling = stage.logouts.tell();
  await stage.logouts.tell();
  resolve();
  await Promise.resolve();
  stage.breaksAt = undefined;
  await telling;
  assertEquals([stage.heard, stage.open], [["alice"], 0]);
});

Deno.test("LateLogouts tells again by itself until the node has ended each login", async () => {
  using stage = new Stage(1);
  stage.tokens.add("one");
  stage.isBusy = true;
  stage.logouts.add("alice", "one");
  await eventually("the node has refused", () => stage.opened > 2);
  assertEquals(stage.heard, []);
  stage.isBusy = false;
  await eventually("the login has ended", () => stage.heard.length === 1);
  assertEquals(stage.heard, ["alice"]);
});
