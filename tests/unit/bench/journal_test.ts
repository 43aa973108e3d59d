import { assertEquals } from "@std/assert";
import { Journal } from "../../../bench/journal.ts";
import { LeanConnection } from "../../../bench/lean_connection.ts";
import { FakeSocket, settled } from "./fake_socket.ts";

const LINE = new TextEncoder().encode("line\n");
const FRAME = new Uint8Array(20);

/** A file whose syncs end when the test calls `endSync`. */
class SlowFile {
  readonly appends: number[] = [];
  readonly #syncs: (() => void)[] = [];

  get syncsUnderWay(): number {
    return this.#syncs.length;
  }

  writeSync(bytes: Uint8Array): number {
    this.appends.push(bytes.length);
    return bytes.length;
  }

  syncData(): Promise<void> {
    return new Promise((resolve) => this.#syncs.push(resolve));
  }

  endSync(): void {
    this.#syncs.shift()?.();
  }
}

function connect(journal: Journal): { readonly socket: FakeSocket; readonly connection: LeanConnection } {
  const socket = new FakeSocket();
  return { socket, connection: new LeanConnection(socket, journal.depart) };
}

Deno.test("Journal lets nothing of a turn leave before its one append is synced", async () => {
  const file = new SlowFile();
  const journal = new Journal(file);
  const people = [connect(journal), connect(journal)];
  for (const { connection } of people) {
    journal.append(LINE);
    connection.send(FRAME);
    connection.send(FRAME);
  }
  await settled();
  assertEquals(file.appends, [2 * LINE.length]);
  assertEquals(file.syncsUnderWay, 1);
  assertEquals(people.map(({ socket }) => socket.written.length), [0, 0]);
  file.endSync();
  await settled();
  assertEquals(people.map(({ socket }) => socket.written.length), [2 * FRAME.length, 2 * FRAME.length]);
});

Deno.test("Journal makes one turn of all that arrives during a sync", async () => {
  const file = new SlowFile();
  const journal = new Journal(file);
  const { socket, connection } = connect(journal);
  for (let i = 0; i < 3; i++) {
    journal.append(LINE);
    connection.send(FRAME);
    await settled();
  }
  assertEquals(file.appends, [LINE.length]);
  file.endSync();
  await settled();
  assertEquals(socket.written.length, FRAME.length);
  assertEquals(file.appends, [LINE.length, 2 * LINE.length]);
  file.endSync();
  await settled();
  assertEquals(socket.written.length, 3 * FRAME.length);
  assertEquals(file.syncsUnderWay, 0);
});

Deno.test("Journal syncs nothing for a turn without a line", async () => {
  const file = new SlowFile();
  const { socket, connection } = connect(new Journal(file));
  connection.send(FRAME);
  await settled();
  assertEquals(file.appends, []);
  assertEquals(socket.written.length, FRAME.length);
});
