/**
 * The page of the executables; executables_test.ts runs the tests.
 *
 * @module
 */

import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { decodeFromServer } from "../../common/protocol/client_codec.ts";
import { encodeRequest } from "../../common/protocol/codec.ts";
import { FrameReader } from "../../common/wire/frame.ts";
import { freePort } from "../testing/free_port.ts";
import { askForPage, connectTo } from "../testing/page_requests.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { executableTest } from "./tested_executables.ts";

/** Connections that say nothing, or half of it; an address may have 16 of them. */
const SILENT = 12;

/** Time limit for their end, ms: ten seconds and two, and much for a busy machine. */
const SILENT_MS_MAX = 36_000;

const HALF = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: loc");

/** Waits until the other end closes a connection. */
async function ended(connection: Deno.Conn): Promise<void> {
  using _ = connection;
  const buffer = new Uint8Array(1_024);
  while (await connection.read(buffer).catch(() => null) !== null);
}

/** What HELLO is answered with over the WebSocket of a page. */
async function welcomeOver(port: number): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, "chat.v2");
  socket.binaryType = "arraybuffer";
  const heard = new Promise<ArrayBuffer>((resolve, reject) => {
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = (event) =>
      reject(new Error(event instanceof ErrorEvent ? event.message : "no WebSocket"));
  });
  socket.onopen = () =>
    socket.send(encodeRequest({ name: "hello", payload: { version: 2, client: "test" } }, "confirmed"));
  const reader = new FrameReader(1 << 20);
  reader.push(new Uint8Array(await heard));
  const frame = reader.next();
  assert(frame !== undefined);
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
  const answer = decodeFromServer(frame);
  return "reply" in answer ? answer.reply.name : answer.push.name;
}

executableTest(
  "chat-server serves its page and the WebSocket to this machine, all from inside",
  async ({ server }) => {
    const port = freePort();
    await using running = await ServerProcess.start({ program: [server], node: { web: { port } } });
    await running.waitFor(() => running.stdout.endsWith(`its page is at http://127.0.0.1:${port}/\n`));
    const { status, head, body } = await askForPage(await connectTo(port));
    assertEquals(status, 200, head);
    assertStringIncludes(head.toLowerCase(), "content-security-policy: default-src 'none';");
    const named = [...body.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1] ?? "");
    const files = ["service_worker.js", "icon_unread.svg", ...named];
    for (const file of files) {
      const answer = await askForPage(await connectTo(port), `/${file}`);
      assertEquals(answer.status, 200, file);
      const built = await Deno.readTextFile(new URL(`../../client/web/dist/${file}`, import.meta.url));
      assertEquals(answer.body, built, `${file} is another one than that of the sources`);
    }
    assertEquals(await welcomeOver(port), "welcome");
    assertEquals((await running.stop()).code, 0, running.stderr);
    console.log(`${files.length + 1} files of the page served`);
  },
);

executableTest("chat-server lets go of silent connections and halves of requests", async ({ server }) => {
  const port = freePort();
  await using running = await ServerProcess.start({ program: [server], node: { web: { port } } });
  const sinceMs = performance.now();
  const connections = await Promise.all(Array.from({ length: SILENT }, () => connectTo(port)));
  await Promise.all(
    connections.map((connection, i) => connection.write(HALF.subarray(0, i % 2 * HALF.length))),
  );
  await Promise.all(connections.map(ended));
  const tookMs = performance.now() - sinceMs;
  assertLess(tookMs, SILENT_MS_MAX);
  assertEquals(await welcomeOver(port), "welcome");
  assertEquals((await running.stop()).code, 0, running.stderr);
  console.log(`${SILENT} connections ended within ${tookMs.toFixed(0)} ms`);
});
