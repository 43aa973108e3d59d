/**
 * The client of the admin service.
 *
 * @module
 */

import { type IncomingMessage, request as callNode } from "node:http";
import type { OperatorAnswer, OperatorRequest } from "../ports/operator.ts";
import { ADMIN_HOST, type AdminAddress } from "./admin_file.ts";
import { DRAIN_PATH, LEVEL_PATH, OPERATOR_PATH, STATUS_PATH } from "./admin_paths.ts";
import { socketPath } from "./admin_socket.ts";
import { type Checks, isText, parseChecked } from "./checks.ts";
import { type DrainAnswer, type DrainRequest, parseDrainAnswer } from "./drain_request.ts";
import { type LevelAnswer, type LevelChange, parseLevelAnswer } from "./level_request.ts";
import { type NodeStatus, parseNodeStatus } from "./node_status.ts";
import { parseOperatorAnswer } from "./operator_request.ts";
import { parseStartingStatus, type StartingStatus } from "./starting_status.ts";

/** Bound on the length of an answer, above every real one. */
const ANSWER_BYTES_MAX = 1_048_576;

/** The reason why there is no answer. */
export interface NoAnswer {
  /** `stranger`: another program answers at the address. `unknown`: a node of a version without that request. */
  readonly failure: "nothing answers" | "too slow" | "stranger" | "unknown";
}

/** The status of a node that starts: it serves nobody yet. */
interface Starting {
  readonly starting: StartingStatus;
}

/** A request that the node does not take. */
interface Refused {
  /** For people: the problem, the value, the limit and the way out. */
  readonly refused: string;
}

/** The status of a node that serves or starts, or the reason why there is none. */
type NodeAnswer = { readonly status: NodeStatus } | Starting | NoAnswer;

/** The answer to the operator, or the reason why there is none. */
type DeskAnswer = { readonly answer: OperatorAnswer } | Starting | NoAnswer;

/** An answer as it comes. */
interface RawAnswer {
  readonly status: number | undefined;
  readonly body: string;
}

const ERROR: Checks<{ readonly error: string }> = { error: isText };

/** Errors of a connection that nobody accepts: no port, a socket of a killed node, a socket that is gone. */
const NOBODY_LISTENS: readonly unknown[] = ["ECONNREFUSED", "ENOENT"];

/**
 * Asks a node for its status.
 *
 * @param data the node's data folder
 */
export async function askNode(data: string, address: AdminAddress, timeoutMs: number): Promise<NodeAnswer> {
  const asked = await ask(data, address, { path: STATUS_PATH }, timeoutMs);
  if ("failure" in asked) return asked;
  const status = asked.status === 200 ? parseNodeStatus(asked.body) : undefined;
  return status?.node === address.node ? { status } : startingOrStranger(asked, address);
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
  const asked = await post(data, address, { path: OPERATOR_PATH, request }, timeoutMs);
  if ("failure" in asked) return asked;
  if ("refused" in asked) return { answer: asked };
  const answer = asked.status === 200 ? parseOperatorAnswer(asked.body) : undefined;
  return answer === undefined ? startingOrStranger(asked, address) : { answer };
}

/**
 * Asks a node for another level of diagnostics.
 *
 * @param data the node's data folder
 */
export async function askForLevel(
  data: string,
  address: AdminAddress,
  request: LevelChange,
  timeoutMs: number,
): Promise<LevelAnswer | Refused | NoAnswer> {
  const asked = await post(data, address, { path: LEVEL_PATH, request }, timeoutMs);
  return namedAnswer(asked, address, parseLevelAnswer);
}

/**
 * Asks a node to drain.
 *
 * @param data the node's data folder
 */
export async function askToDrain(
  data: string,
  address: AdminAddress,
  request: DrainRequest,
  timeoutMs: number,
): Promise<DrainAnswer | Refused | NoAnswer> {
  const asked = await post(data, address, { path: DRAIN_PATH, request }, timeoutMs);
  return namedAnswer(asked, address, parseDrainAnswer);
}

/** The answer of the node itself, which says its name. */
function namedAnswer<Answer extends { readonly node: string }>(
  asked: RawAnswer | Refused | NoAnswer,
  { node }: AdminAddress,
  parse: (json: string) => Answer | undefined,
): Answer | Refused | NoAnswer {
  if ("failure" in asked || "refused" in asked) return asked;
  const answer = asked.status === 200 ? parse(asked.body) : undefined;
  return answer?.node === node ? answer : { failure: "stranger" };
}

function startingOrStranger({ status, body }: RawAnswer, { node }: AdminAddress): Starting | NoAnswer {
  const starting = status === 503 ? parseStartingStatus(body) : undefined;
  return starting?.node === node ? { starting } : { failure: "stranger" };
}

/** Asks with a body, which nodes of another version may not know or take. */
async function post(
  data: string,
  address: AdminAddress,
  asking: Required<Asking>,
  timeoutMs: number,
): Promise<RawAnswer | Refused | NoAnswer> {
  const asked = await ask(data, address, asking, timeoutMs);
  if ("failure" in asked) return asked;
  if (asked.status === 404) return { failure: "unknown" };
  const problem = asked.status === 400 || asked.status === 413 ? parseChecked(asked.body, ERROR) : undefined;
  return problem === undefined ? asked : { refused: problem.error };
}

/** Asks in time, and finds a name for the failure. */
async function ask(
  data: string,
  address: AdminAddress,
  asking: Asking,
  timeoutMs: number,
): Promise<RawAnswer | NoAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await exchange(data, address, asking, signal);
  } catch (error) {
    if (signal.aborted) return { failure: "too slow" };
    const isNobody = error instanceof Error && "code" in error && NOBODY_LISTENS.includes(error.code);
    return { failure: isNobody ? "nothing answers" : "stranger" };
  }
}

/** A request to a node: with a body it is posted. */
interface Asking {
  readonly path: string;
  readonly request?: OperatorRequest | LevelChange | DrainRequest;
}

/** Does without `fetch`, which would hand the secret to a proxy named in the environment. */
async function exchange(
  data: string,
  { port, secret }: AdminAddress,
  { path, request }: Asking,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const place = port === undefined ? { socketPath: await socketPath(data) } : { host: ADMIN_HOST, port };
  const body = request === undefined ? "" : JSON.stringify(request);
  const headers = {
    authorization: `Bearer ${secret}`,
    "content-length": new TextEncoder().encode(body).length,
  };
  const method = request === undefined ? "GET" : "POST";
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
