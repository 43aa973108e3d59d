/**
 * The acknowledgements that leave the servers of a world.
 *
 * @module
 */

import { decodeFromServer } from "../../common/protocol/client_codec.ts";
import { FrameReader } from "../../common/wire/frame.ts";
import type { Mutation } from "./mutation.ts";
import { forwarding } from "./planted/forwarding.ts";
import type { ServerProcess } from "./server_process.ts";

/** Watches the acknowledgements that leave servers. */
export class Replies {
  /** Ids of the acknowledged messages. */
  readonly ids = new Set<string>();
  /** Processes that serve no more. */
  readonly #forsaken = new Set<ServerProcess>();
  /** An acknowledgement that must not be; `undefined` if there is none. */
  problem: string | undefined;

  /** Wrappers of the ports that the acknowledgements pass, around other ones. */
  mutation(other: Mutation): Mutation {
    return {
      host: (host, process) => {
        const inner = other.host?.(host, process) ?? host;
        return forwarding(inner, {
          forsake: (reason) => {
            this.#forsaken.add(process);
            inner.forsake(reason);
          },
        });
      },
      clientLink: (link, process) =>
        forwarding(link, {
          send: (frame, unbounded) => {
            this.#sends(process, frame);
            link.send(frame, unbounded);
          },
        }),
    };
  }

  #sends(process: ServerProcess, frame: Uint8Array): void {
    const reader = new FrameReader(0xffffff);
    reader.push(frame);
    const whole = reader.next();
    // Types below 100 are of the original dialect, which says nothing of a message.
    if (whole === undefined || whole.type < 100) return;
    const said = decodeFromServer(whole);
    if (!("reply" in said) || said.reply.name !== "sent") return;
    this.ids.add(said.reply.payload.id);
    if (this.#forsaken.has(process)) {
      this.problem ??= `${process.machine.name} acknowledges after it was forked`;
    }
  }
}
