import { assertEquals } from "@std/assert";
import type { ConfirmedReply } from "../../../common/protocol/replies.ts";
import type { Request } from "../../../common/protocol/requests.ts";
import { LateLogouts } from "../../../client/link/late_logouts.ts";

const OK: ConfirmedReply = { name: "ok", payload: null };
const BUSY: ConfirmedReply = { name: "error", payload: { code: "too-many-sessions", message: "" } };

/** A node that knows some tokens. */
class Stage {
  readonly tokens = new Set<string>();
  readonly heard: string[] = [];
  isThere = true;
  isBusy = false;
  /** Breaks the connection at this request. */
  breaksAt: Request["name"] | undefined;
  open = 0;
  readonly logouts = new LateLogouts(() => this.#open(), (name) => this.heard.push(name));

  #open(): Promise<{ request(request: Request): Promise<ConfirmedReply>; close(): void }> {
    if (!this.isThere) return Promise.reject(new Error("no node is connected"));
    let token = "";
    this.open++;
    return Promise.resolve({
      request: (request) => {
        if (request.name === this.breaksAt) return Promise.reject(new Error("connection reset"));
        if (request.name === "logout") return Promise.resolve(this.tokens.delete(token) ? OK : BUSY);
        if (request.name !== "resume") throw new Error(`asked ${request.name}`);
        if (this.isBusy) return Promise.resolve(BUSY);
        token = request.payload.token;
        if (!this.tokens.has(token)) return Promise.resolve({ name: "loginFailed", payload: null });
        return Promise.resolve({ name: "loginSuccess", payload: { name: "", token, unread: 0 } });
      },
      close: () => this.open--,
    });
  }
}

Deno.test("LateLogouts.tell() ends each login at the node, and closes its connections", async () => {
  const stage = new Stage();
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
  const stage = new Stage();
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
  const stage = new Stage();
  for (let i = 0; i < 25; i++) stage.logouts.add(`user${i}`, `token${i}`);
  await stage.logouts.tell();
  assertEquals([stage.heard.length, stage.heard[0]], [20, "user5"]);
  stage.logouts.add("alice", "one");
  stage.logouts.close();
  await stage.logouts.tell();
  assertEquals(stage.heard.length, 20);
});
