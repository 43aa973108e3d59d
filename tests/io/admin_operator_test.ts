import { assert, assertEquals } from "@std/assert";
import { askOperator } from "../../server/admin/ask_node.ts";
import type { OperatorAnswer, OperatorDesk, OperatorRequest } from "../../server/ports/operator.ts";
import { STARTING_STATUS } from "../testing/node_statuses.ts";
import { processTest } from "../testing/permissions.ts";
import { Stage } from "./admin_stage.ts";

const DISABLE: OperatorRequest = { act: "disableUser", name: "ann" };
const DONE: OperatorAnswer = { done: { name: "ann", sessions: 1, copies: 1, nodes: 1 } };

/** A desk that keeps what it is asked, and answers after a while. */
class SlowDesk implements OperatorDesk {
  readonly asked: OperatorRequest[] = [];

  serve(request: OperatorRequest, done: (answer: OperatorAnswer) => void): void {
    this.asked.push(request);
    if (request.act === "endSession") throw new Error("what people say");
    setTimeout(() => done(DONE), 20);
  }
}

processTest("AdminService hands requests of the operator to the desk, and its answers back", async () => {
  const desk = new SlowDesk();
  for (const hasLongPath of [false, true]) {
    await using stage = await Stage.set({ operator: () => desk, hasLongPath });
    const [status, body] = await stage.post("/operator", JSON.stringify(DISABLE));
    assertEquals([status, JSON.parse(body)], [200, DONE]);
    assert(stage.address);
    assertEquals(await askOperator(stage.data, stage.address, DISABLE, 30_000), { answer: DONE });
  }
  assertEquals(desk.asked, Array(4).fill(DISABLE));
});

processTest("AdminService waits for the whole body, and for no more than it takes", async () => {
  const desk = new SlowDesk();
  await using stage = await Stage.set({ operator: () => desk });
  const body = JSON.stringify({ ...DISABLE, name: "żółć" });
  const text = [
    ...stage.head({ request: "POST /operator" }),
    `Content-Length: ${new TextEncoder().encode(body).length}`,
    "",
    body,
  ].join("\r\n");
  const bytes = new TextEncoder().encode(text);
  using connection = await stage.connect();
  for (let i = 0; i < bytes.length; i += 50) {
    await connection.write(bytes.subarray(i, i + 50));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert((await connection.read(new Uint8Array(1_000)) ?? 0) > 0);
  assertEquals(desk.asked, [{ act: "disableUser", name: "żółć" }]);
  const long = { ...DISABLE, name: "x".repeat(5_000) } as const;
  assertEquals((await stage.post("/operator", JSON.stringify(long)))[0], 413);
  assertEquals(stage.address && await askOperator(stage.data, stage.address, long, 30_000), {
    answer: { refused: "a body needs a Content-Length of at most 4096 bytes; send less" },
  });
  assertEquals(desk.asked.length, 1);
});

processTest("AdminService hands nothing to the desk without the secret, or that is no request", async () => {
  const desk = new SlowDesk();
  await using stage = await Stage.set({ operator: () => desk });
  const cases: readonly (readonly [string, string | undefined, number])[] = [
    [JSON.stringify(DISABLE), "", 401],
    [JSON.stringify(DISABLE), `Bearer ${"0".repeat(64)}`, 401],
    ["", undefined, 400],
    ["{}", undefined, 400],
    [JSON.stringify({ ...DISABLE, name: "" }), undefined, 400],
  ];
  for (const [body, authorization, status] of cases) {
    assertEquals((await stage.post("/operator", body, authorization))[0], status, body);
  }
  const long: OperatorRequest = { ...DISABLE, name: "x".repeat(81) };
  const refused = stage.address && await askOperator(stage.data, stage.address, long, 30_000);
  assertEquals(refused, {
    answer: { refused: "the name has 81 characters and the limit is 80; give a shorter one" },
  });
  assertEquals(desk.asked, []);
  console.log(`${cases.length + 1} requests refused`);
});

processTest("AdminService says that the node starts, or that the desk has failed", async () => {
  await using starting = await Stage.set({ status: () => STARTING_STATUS });
  assertEquals((await starting.post("/operator", JSON.stringify(DISABLE)))[0], 503);
  const answer = starting.address && await askOperator(starting.data, starting.address, DISABLE, 30_000);
  assertEquals(answer, { starting: STARTING_STATUS });
  await using stage = await Stage.set({ operator: () => new SlowDesk() });
  const [status, body] = await stage.post("/operator", JSON.stringify({ act: "endSession", id: 1 }));
  assertEquals([status, body.includes("what people say"), stage.logged], [500, false, ["admin"]]);
});
