/**
 * The client of the admin service.
 *
 * @module
 */

import { type IncomingMessage, request as callNode } from "node:http";
import { ADMIN_HOST, type AdminAddress } from "./admin_file.ts";
import type { OperatorAnswer, OperatorRequest } from "../ports/operator.ts";
import { OPERATOR_PATH, STATUS_PATH } from "./admin_paths.ts";
import { socketPath } from "./admin_socket.ts";
import { DRAIN_METHOD, type DrainAnswer, drainPath, parseDrainAnswer } from "./drain_request.ts";
import {
  LEVEL_METHOD,
  type LevelAnswer,
  type LevelChange,
  levelPath,
  parseLevelAnswer,
} from "./level_request.ts";
import { type NodeStatus, parseNodeStatus } from "./node_status.ts";
import { parseOperatorAnswer, parseRefusedRequest } from "./operator_request.ts";
import { parseStartingStatus, type StartingStatus } from "./starting_status.ts";

/** Bound on the length of an answer, above every real one. */
const ANSWER_BYTES_MAX = 1_048_576;

/** The reason why there is no answer. */
export interface NoAnswer {
  /** `stranger`: another program answers at the address. `unable`: a node of a version without that request. */
  readonly failure: "nothing answers" | "too slow" | "stranger" | "unable";
}

/** The status of a node that starts: it serves nobody yet. */
interface Starting {
  readonly starting: StartingStatus;
}

/** The status of a node that serves or starts, or the reason why there is none. */
type NodeAnswer = { readonly status: NodeStatus } | Starting | NoAnswer;

/** The answer to the operator, or the reason why there is none. */
type DeskAnswer = { readonly answer: OperatorAnswer } | Starting | NoAnswer;

/** Errors of a connection that nobody accepts: no port, a socket of a killed node, a socket that is gone. */
const NOBODY_LISTENS: readonly unknown[] = ["ECONNREFUSED", "ENOENT"];

/**
 * Asks a node for its status.
 *
 * @param data the node's data folder
 */
export async function askNode(data: string, address: AdminAddress, timeoutMs: number): Promise<NodeAnswer> {
  return await asked<NodeAnswer>(timeoutMs, async (signal) => {
    const { status, body } = await exchange(data, address, { path: STATUS_PATH }, signal);
    const running = status === 200 ? parseNodeStatus(body) : undefined;
    if (running?.node === address.node) return { status: running };
    const starting = status === 503 ? parseStartingStatus(body) : undefined;
    return starting?.node === address.node ? { starting } : { failure: "stranger" };
  });
}

/**
 * Asks a node to serve its operator.
 *
 * @param data the node's data folder
 */
export async function askOperator(
  data: string,
  address: AdminAddress,
  request: OperatorRequest,
  timeoutMs: number,
): Promise<DeskAnswer> {
  return await asked<DeskAnswer>(timeoutMs, async (signal) => {
    const { status, body } = await exchange(data, address, { path: OPERATOR_PATH, request }, signal);
    const answer = status === 200 ? parseOperatorAnswer(body) : refusedWith(status, body);
    if (answer !== undefined) return { answer };
    const starting = status === 503 ? parseStartingStatus(body) : undefined;
    return starting?.node === address.node ? { starting } : { failure: "stranger" };
  });
}

/**
 * Asks a node for another level of diagnostics.
 *
 * @param data the node's data folder
 */
export async function askForLevel(
  data: string,
  address: AdminAddress,
  change: LevelChange,
  timeoutMs: number,
): Promise<LevelAnswer | NoAnswer> {
  return await asked<LevelAnswer>(timeoutMs, async (signal) => {
    const asking = { method: LEVEL_METHOD, path: levelPath(change) };
    const { status, body } = await exchange(data, address, asking, signal);
    if (status === 404) return { failure: "unable" };
    const answer = status === 200 ? parseLevelAnswer(body) : undefined;
    return answer?.node === address.node ? answer : { failure: "stranger" };
  });
}

/**
 * Asks a node to drain.
 *
 * @param data the node's data folder
 * @param forMs time after which it ends in any case
 */
export async function askToDrain(
  data: string,
  address: AdminAddress,
  forMs: number,
  timeoutMs: number,
): Promise<DrainAnswer | NoAnswer> {
  return await asked<DrainAnswer>(timeoutMs, async (signal) => {
    const asking = { method: DRAIN_METHOD, path: drainPath(forMs) };
    const { status, body } = await exchange(data, address, asking, signal);
    if (status === 404) return { failure: "unable" };
    const answer = status === 200 ? parseDrainAnswer(body) : undefined;
    return answer?.node === address.node ? answer : { failure: "stranger" };
  });
}

/** The refusal of a request that the service itself does not take; `undefined` if it is none. */
function refusedWith(status: number | undefined, body: string): OperatorAnswer | undefined {
  if (status === 404) {
    return { refused: "this node runs a version that cannot do this; restart it with this one" };
  }
  return status === 400 ? parseRefusedRequest(body) : undefined;
}

/** Asks in time, and finds a name for the failure. */
async function asked<Answer>(
  timeoutMs: number,
  ask: (signal: AbortSignal) => Promise<Answer | NoAnswer>,
): Promise<Answer | NoAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await ask(signal);
  } catch (error) {
    if (signal.aborted) return { failure: "too slow" };
    const isNobody = error instanceof Error && "code" in error && NOBODY_LISTENS.includes(error.code);
    return { failure: isNobody ? "nothing answers" : "stranger" };
  }
}

/** A request to a node: with a body it is posted. */
interface Asking {
  readonly method?: string;
  readonly path: string;
  readonly request?: OperatorRequest;
}

/** Does without `fetch`, which would hand the secret to a proxy named in the environment. */
async function exchange(
  data: string,
  { port, secret }: AdminAddress,
  { path, request, method = request === undefined ? "GET" : "POST" }: Asking,
  signal: AbortSignal,
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const place = port === undefined ? { socketPath: await socketPath(data) } : { host: ADMIN_HOST, port };
  const body = request === undefined ? "" : JSON.stringify(request);
  const headers = {
    authorization: `Bearer ${secret}`,
    "content-length": new TextEncoder().encode(body).length,
  };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asking = callNode({ ...place, method, path, agent: false, headers, signal }, resolve);
  asking.on("error", reject);
  asking.end(body);
  const response = await promise;
  const text = await bodyOf(response, signal);
  response.destroy();
  return { status: response.statusCode, body: text };
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
