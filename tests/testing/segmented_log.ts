/**
 * A data folder whose log has many segments, with messages between two people who can log in.
 *
 * @module
 */

import { assert } from "@std/assert";
import { VERSION } from "../../common/version.ts";
import { readAdminFile } from "../../server/admin/admin_file.ts";
import { askNode } from "../../server/admin/ask_node.ts";
import type { NodeStatus } from "../../server/admin/node_status.ts";
import { encodeEntry } from "../../server/core/encoded_entry.ts";
import { entryOf } from "../../server/core/entry.ts";
import type { Event } from "../../server/core/events.ts";
import { evolve } from "../../server/core/evolve.ts";
import { ownStamp } from "../../server/core/stamp.ts";
import { State } from "../../server/core/state.ts";
import { seqOf } from "../../server/core/version.ts";
import { DenoFiles } from "../../server/log/deno_files.ts";
import { openLog } from "../../server/log/open_log.ts";
import { systemClock, systemRandom, systemTimers } from "../../server/process/system_ports.ts";
import { eventually } from "./eventually.ts";
import { serverCommand, ServerProcess } from "./server_process.ts";
import { TestClient } from "./test_client.ts";

/** Small, so that a short log has several segments. */
const SEGMENT_BYTES = 20_000;

/** Time limit of an answer, ms. */
const ANSWER_MS = 10_000;

const nothing = (): void => {};

/** The folder of node1, with the accounts ann and bob. `await using` removes it. */
export class SegmentedLog implements AsyncDisposable {
  private constructor(readonly data: string) {}

  /**
   * Makes the folder, with so many messages from ann to bob, all read but the last.
   *
   * @param size bytes that each content is filled up with, and those of a segment
   */
  static async make(messages: number, size = { padding: 0, segment: SEGMENT_BYTES }): Promise<SegmentedLog> {
    const log = new SegmentedLog(await Deno.makeTempDir({ prefix: "chat-segments-test-" }));
    {
      await using server = await log.start();
      for (const name of ["ann", "bob"]) {
        await (await TestClient.login(server.port, name))[Symbol.asyncDispose]();
      }
      await server.stop();
    }
    await log.#grow(messages, size);
    return log;
  }

  /** Starts a server in the folder. */
  async start(flags: readonly string[] = [], program = serverCommand()): Promise<ServerProcess> {
    return await ServerProcess.start({ data: this.data, flags, program });
  }

  /** Starts one, lets its archive follow the whole log, and stops it in order. */
  async follow(): Promise<void> {
    await using server = await this.start();
    await this.followed(server);
    await server.stop();
  }

  /** Waits until the archive of a server has the whole log. */
  async followed(server: ServerProcess): Promise<void> {
    await eventually("the archive follows the log", async () => {
      const { archive } = await this.status(server);
      return archive?.lag === 0 && archive.position > 0 && !archive.isBuilding;
    });
  }

  /** The status of a server that runs in the folder. */
  async status(server: ServerProcess): Promise<NodeStatus> {
    const address = await readAdminFile(this.data);
    assert(address?.pid === server.child.pid, "the server has no admin service");
    const answer = await askNode(this.data, address, ANSWER_MS);
    assert("status" in answer, "the server does not tell its status");
    return answer.status;
  }

  /** Paths of the segments, in order. */
  async segments(): Promise<string[]> {
    const files = await Array.fromAsync(Deno.readDir(`${this.data}/log`));
    return files.map(({ name }) => `${this.data}/log/${name}`).sort();
  }

  /** Changes a bit of a file. */
  async flip(path: string, at: number): Promise<void> {
    const bytes = await Deno.readFile(path);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await Deno.writeFile(path, bytes);
  }

  async #grow(
    messages: number,
    { padding, segment }: { readonly padding: number; readonly segment: number },
  ): Promise<void> {
    const state = new State();
    let synced = Promise.withResolvers<void>();
    const { log, origin } = openLog({
      files: new DenoFiles(this.data),
      clock: systemClock,
      random: systemRandom,
      timers: systemTimers,
      logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
      node: "node1",
      version: VERSION,
      segmentBytes: segment,
      reserveBytes: 0,
      replay: (entry) => void evolve(state, entry),
      onSynced: () => synced.resolve(),
      onReadOnly: nothing,
      onFault: (error) => synced.reject(error),
    });
    const commit = async (events: readonly Event[]): Promise<void> => {
      const encoded = events.map((event) => {
        const stamp = ownStamp(state, origin, systemClock.wallMs());
        const entry = entryOf(origin, seqOf(state.version, origin) + 1, stamp, event);
        evolve(state, entry);
        return encodeEntry(entry);
      });
      synced = Promise.withResolvers<void>();
      log.commit(encoded);
      await synced.promise;
    };
    const [from = "", to = ""] = ["ann", "bob"].map((name) => state.directory.find(name)?.id);
    for (let i = 0; i < messages; i += 10) {
      const ids = Array.from({ length: 10 }, () => crypto.randomUUID());
      await commit(
        ids.map((id, j) => ({
          type: "messageSent",
          id,
          from,
          to,
          content: `message ${i + j}`.padEnd(padding),
        })),
      );
      const isLast = i + 10 >= messages;
      await commit([{
        type: "messagesRead",
        sender: from,
        recipient: to,
        ids: isLast ? ids.slice(0, -1) : ids,
      }]);
    }
    await new Promise<void>((resolve) => log.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.data, { recursive: true });
  }
}
