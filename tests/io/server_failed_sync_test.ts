import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import {
  endHolder,
  type FailingCalls,
  recordedCalls,
  straceOf,
  whyNoStrace,
} from "../testing/failing_calls.ts";
import { Load, wholeView } from "../testing/load.ts";
import { isConnectionLost } from "../testing/load_client.ts";
import { scale } from "../testing/scale.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

/** Time limit of a server to notice a failing disk, ms. */
const FAULT_MS = 60_000;

/** Time after which no sync is under way, and the one after a second of silence has not begun, ms. */
const SETTLED_MS = 200;

const reason = await whyNoStrace();
const noted = reason === undefined ? "" : ` (ignored: ${reason})`;

function faultTest(name: string, fn: (data: string, record: string) => Promise<void>): void {
  Deno.test({
    name: name + noted,
    ignore: reason !== undefined,
    fn: async () => {
      const folder = await Deno.makeTempDir({ prefix: "chat-server-test-fault-" });
      try {
        await fn(`${folder}/data`, `${folder}/calls`);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

faultTest("ServerProcess acknowledges nothing of a turn whose sync failed", async (data, record) => {
  const cases = scale(2, 20);
  const acknowledged: string[] = [];
  for (let number = 1; number <= cases; number++) {
    const failing: FailingCalls = { call: "fdatasync", from: 4 * number, record };
    const told = await untilFault(data, failing, async (port) => {
      await using alice = await TestClient.login(port, "alice");
      // Otherwise a login answered before its sync counts as one of the later replies.
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      const before = (await recordedCalls(record)).succeeded;
      const ids = await sendUntilLost(alice);
      const { succeeded, failed } = await recordedCalls(record);
      assertEquals(ids.length, succeeded - before, "every SENT has a sync of its own before it");
      assertGreater(failed, 0);
      acknowledged.push(...ids);
    });
    assertStringIncludes(told, '"event":"fault"');
  }
  await using server = await ServerProcess.start({ data });
  await using alice = await TestClient.login(server.port, "alice");
  const view = await wholeView(alice);
  assertEquals(acknowledged.filter((id) => !view.has(id)), []);
  console.log(`${cases} failed syncs, ${acknowledged.length} messages acknowledged, all of them there`);
  assertGreater(acknowledged.length, cases);
});

faultTest(
  "ServerProcess loses nothing acknowledged when a sync or a write fails under load",
  async (data, record) => {
    const cases = scale(2, 20);
    const load = new Load(3);
    {
      await using server = await ServerProcess.start({ data });
      await load.register(server.port);
      await server.stop();
    }
    for (let number = 1; number <= cases; number++) {
      const path = `${data}/log/00000001.jsonl`;
      const failing: FailingCalls = number % 2 === 0
        ? { call: "write", from: 10 * number, path, record }
        : { call: "fdatasync", from: 10 * number, record };
      const told = await untilFault(data, failing, (port) => load.work(port));
      assertStringIncludes(told, '"event":"fault"');
      await using server = await ServerProcess.start({ data });
      await load.verify(server.port);
      await load.verify(server.port);
      await server.stop();
    }
    console.log(`${cases} faults under load: ${load.summary()}`);
    assertGreater(load.acknowledgedCount, cases * 10);
  },
);

faultTest("ServerProcess does not start when its first sync fails", async (data, record) => {
  await using server = await ServerProcess.spawn({
    data,
    wrapper: straceOf({ call: "fdatasync", from: 1, record }),
  });
  assertEquals(await server.ended(), 1);
  assertEquals(server.stdout, "");
  assertStringIncludes(server.stderr, "Input/output error");
  await using again = await ServerProcess.start({ data });
  assertEquals((await again.stop()).code, 0);
});

/** Sends messages until the connection is gone; returns the ids of the acknowledged ones. */
async function sendUntilLost(client: TestClient): Promise<string[]> {
  const ids: string[] = [];
  try {
    for (;;) {
      const sent = await client.expect(
        "sendMessage",
        { to: "alice", content: `number ${ids.length}` },
        "sent",
      );
      ids.push(sent.id);
    }
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    return ids;
  }
}

/** Runs a server until a call fails; returns its output. @throws {AssertionError} if it ends otherwise */
async function untilFault(
  data: string,
  failing: FailingCalls,
  work: (port: number) => Promise<void>,
): Promise<string> {
  await using server = await ServerProcess.start({ data, wrapper: straceOf(failing) });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => timer = setTimeout(() => resolve(undefined), FAULT_MS));
  try {
    await Promise.race([work(server.port), late]);
    const status = await Promise.race([server.status, late]);
    assertEquals(status?.code, 1, "the process ends with 1");
  } finally {
    clearTimeout(timer);
    await endHolder(data);
  }
  await server.stop();
  return server.stderr;
}
