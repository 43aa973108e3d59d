/**
 * The client of the admin service.
 *
 * @module
 */

import { get, type IncomingMessage } from "node:http";
import { ADMIN_HOST, type AdminAddress } from "./admin_file.ts";
import { socketPath } from "./admin_socket.ts";
import { type NodeStatus, parseNodeStatus } from "./node_status.ts";
import { parseStartingStatus, type StartingStatus } from "./starting_status.ts";

/** Bound on the length of an answer, above every real one. */
const ANSWER_BYTES_MAX = 1_048_576;

/** The status of a node that serves or starts, or the reason why there is none. */
export type NodeAnswer = { readonly status: NodeStatus } | { readonly starting: StartingStatus } | {
  /** `stranger`: another program answers at the address. */
  readonly failure: "nothing answers" | "too slow" | "stranger";
};

/** Errors of a connection that nobody accepts: no port, a socket of a killed node, a socket that is gone. */
const NOBODY_LISTENS: readonly unknown[] = ["ECONNREFUSED", "ENOENT"];

/**
 * Asks a node for its status.
 *
 * @param data the node's data folder
 */
export async function askNode(data: string, address: AdminAddress, timeoutMs: number): Promise<NodeAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await getStatus(data, address, signal);
    const body = await bodyOf(response, signal);
    response.destroy();
    const status = response.statusCode === 200 ? parseNodeStatus(body) : undefined;
    if (status?.node === address.node) return { status };
    const starting = response.statusCode === 503 ? parseStartingStatus(body) : undefined;
    return starting?.node === address.node ? { starting } : { failure: "stranger" };
  } catch (error) {
    if (signal.aborted) return { failure: "too slow" };
    const isNobody = error instanceof Error && "code" in error && NOBODY_LISTENS.includes(error.code);
    return { failure: isNobody ? "nothing answers" : "stranger" };
  }
}

/** Does without `fetch`, which would hand the secret to a proxy named in the environment. */
async function getStatus(
  data: string,
  { port, secret }: AdminAddress,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const place = port === undefined ? { socketPath: await socketPath(data) } : { host: ADMIN_HOST, port };
  const headers = { authorization: `Bearer ${secret}` };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get({ ...place, path: "/status", agent: false, headers, signal }, resolve).on("error", reject);
  return await promise;
}

async function bodyOf(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > ANSWER_BYTES_MAX) throw new Error("the answer has no end");
  }
  // A body that the signal has cut off ends without an error.
  signal.throwIfAborted();
  return text;
}
