/**
 * A stream that a peer has opened, and the messages of entries that come over it.
 *
 * @module
 */

import { type Entry, entryOf, type Place } from "../../../server/core/entry.ts";
import { IncomingStream } from "../../../server/replication/incoming_stream.ts";
import type { EntriesMessage } from "../../../server/ports/peer_message.ts";
import { messageOf } from "../../testing/mesh_member.ts";
import { HeldLink, StreamHarness } from "./stream_harness.ts";
import { linesOfEntries } from "../../testing/encoded_entries.ts";

/** A stream opened by a peer, and the calls that the mesh got. */
export class Incoming extends StreamHarness {
  readonly heard: string[] = [];
  readonly stream: IncomingStream;

  constructor(readonly link = new HeldLink()) {
    super();
    this.stream = new IncomingStream(this.options, link, {
      isMember: (name) => name === "n2" || name === "n3",
      opened: (_stream, hello) => this.heard.push(`opened ${hello.node}`),
      presence: (node, online, offline) => this.heard.push(`${node} +${online} -${offline}`) > 0,
      reserve: (node, { name }) => {
        this.heard.push(`${node} reserves ${name}`);
        return name === "ann";
      },
      release: (node, number) => this.heard.push(`${node} releases ${number}`),
      refused: () => this.logged.push("peerRefused"),
      ended: (_stream, reason) => this.heard.push(`ended: ${reason}`),
    });
  }

  /** Exchanges the hellos. */
  opened(): this {
    this.stream.received(this.hello());
    this.link.takeTypes();
    return this;
  }
}

/** Entries of an origin. */
export function entriesOf(origin: string, from: number, to: number): Entry[] {
  const entries: Entry[] = [];
  for (let seq = from; seq <= to; seq++) entries.push(entryOf(origin, seq, seq * 10, messageOf(1)));
  return entries;
}

/** A message of entries. */
export function message(
  number: number,
  entries: readonly Entry[],
  ...previous: readonly Place[]
): EntriesMessage {
  return {
    type: "entries",
    number,
    lines: linesOfEntries(entries),
    count: entries.length,
    previous,
  };
}
