/**
 * The other end of the admin service: asks a node how it is.
 *
 * @module
 */

import { get, type IncomingMessage } from "node:http";
import { ADMIN_HOST, type AdminAddress } from "./admin_file.ts";
import { type NodeStatus, parseNodeStatus } from "./node_status.ts";

/** More than a node ever says, bytes. */
const ANSWER_BYTES_MAX = 1_048_576;

/** What a node says of itself, or why it does not. */
export type NodeAnswer = { readonly status: NodeStatus } | {
  /** `stranger`: something answers, but not as this node would. */
  readonly failure: "nothing answers" | "too slow" | "stranger";
};

/** Asks a node how it is. */
export async function askNode(address: AdminAddress, timeoutMs: number): Promise<NodeAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await getStatus(address, signal);
    const status = response.statusCode === 200 ? parseNodeStatus(await bodyOf(response, signal)) : undefined;
    response.destroy();
    return status?.node === address.node ? { status } : { failure: "stranger" };
  } catch (error) {
    if (signal.aborted) return { failure: "too slow" };
    const refused = error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
    return { failure: refused ? "nothing answers" : "stranger" };
  }
}

/** Not by `fetch`, which would hand the secret to a proxy if the environment names one. */
function getStatus({ port, secret }: AdminAddress, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${secret}` };
  return new Promise((resolve, reject) => {
    get({ host: ADMIN_HOST, port, path: "/status", agent: false, headers, signal }, resolve)
      .on("error", reject);
  });
}

async function bodyOf(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > ANSWER_BYTES_MAX) throw new Error("the answer has no end");
  }
  // A body that was cut off by the signal ends like any other.
  signal.throwIfAborted();
  return text;
}
