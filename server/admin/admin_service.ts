/**
 * The admin service of a node that runs or starts, for users that can read the data folder: HTTP on a Unix socket
 * there, or on 127.0.0.1 where there can be none.
 *
 * @module
 */

import { timingSafeEqual } from "node:crypto";
import { hex } from "../core/identity.ts";
import type { ShownLevel } from "../diagnostics/shown_level.ts";
import type { HttpAnswer, HttpRequest } from "../http/http_message.ts";
import { ShortListener } from "../http/short_listener.ts";
import type { Descriptors } from "../ports/descriptors.ts";
import type { OperatorDesk } from "../ports/operator.ts";
import type { Logger } from "../ports/outside.ts";
import { ADMIN_HOST, removeAdminFile, writeAdminFile } from "./admin_file.ts";
import { DRAIN_PATH, LEVEL_PATH, OPERATOR_PATH, STATUS_PATH } from "./admin_paths.ts";
import { listenOnSocket, removeSocket } from "./admin_socket.ts";
import { type DrainAnswer, parseDrainRequest } from "./drain_request.ts";
import { type LevelAnswer, parseLevelChange } from "./level_request.ts";
import type { NodeStatus } from "./node_status.ts";
import { parseOperatorRequest } from "./operator_request.ts";
import type { StartingStatus } from "./starting_status.ts";

const SECRET_BYTES = 32;

/** Bound on the length of a request's body, bytes. */
const BODY_BYTES_MAX = 4_096;

/** Settings and dependencies of an admin service. */
interface AdminServiceOptions {
  /** The data folder, which must exist and be locked. */
  readonly data: string;
  /** Name of the node. */
  readonly node: string;
  /** The current status of the node; answered with the number 503 while it starts. */
  status(): NodeStatus | StartingStatus;
  /** Serves the operator; `undefined` while the node starts. */
  readonly operator?: () => OperatorDesk | undefined;
  readonly logger: Logger;
  /** The level of the node's diagnostics; it stays as it is without. */
  readonly level?: Pick<ShownLevel, "change" | "current" | "passing">;
  /**
   * Drains the node, which cannot be drained without.
   *
   * @returns the problem, if there is one
   */
  drain?(forMs: number): string | undefined;
  /** Spare descriptors, so that status is answered while clients have all others. */
  readonly descriptors?: Descriptors;
}

/** Answers the requests of one method and path. */
type Handler = (body: string) => HttpAnswer | Promise<HttpAnswer>;

/** Answers requests that carry the secret of the admin file. */
export class AdminService {
  /** The bound port; `undefined` if the service listens on a socket, or could not listen. */
  readonly port: number | undefined;
  readonly #secret = hex(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  readonly #options: AdminServiceOptions;
  readonly #listener: ShortListener | undefined;
  readonly #routes: ReadonlyMap<string, Handler> = new Map<string, Handler>([
    [`GET ${STATUS_PATH}`, () => this.#status()],
    [`POST ${OPERATOR_PATH}`, (body) => this.#operate(body)],
    [`POST ${LEVEL_PATH}`, (body) => this.#changeLevel(body)],
    [`POST ${DRAIN_PATH}`, (body) => this.#drain(body)],
  ]);

  /**
   * Listens, and writes into the data folder how to ask. Where that is not possible, as on a full disk, the node
   * runs without an admin service that can be found.
   */
  static async start(options: AdminServiceOptions): Promise<AdminService> {
    const { data, node, logger } = options;
    let listener: Deno.Listener<Deno.Conn> | undefined;
    try {
      listener = await listenOnSocket(data) ?? Deno.listen({ hostname: ADMIN_HOST, port: 0 });
    } catch (error) {
      logger.warn("admin", { error: String(error), wayOut: "chat-server status works after the next start" });
    }
    const service = new AdminService(options, listener);
    if (listener === undefined) return service;
    const { port } = service;
    const address = { ...port !== undefined && { port }, secret: service.#secret, pid: Deno.pid, node };
    try {
      await writeAdminFile(data, address);
    } catch (error) {
      logger.warn("adminFile", { error: messageOf(error) });
    }
    return service;
  }

  private constructor(options: AdminServiceOptions, listener: Deno.Listener<Deno.Conn> | undefined) {
    this.#options = options;
    if (listener === undefined) return;
    if (listener.addr.transport === "tcp") this.port = listener.addr.port;
    this.#listener = new ShortListener(listener, {
      ...options.descriptors && { descriptors: options.descriptors },
      answer: (request) => this.#answer(request),
      bodyBytesMax: BODY_BYTES_MAX,
      onFailure: (error) => options.logger.warn("adminAcceptFailed", { error: String(error) }),
    });
  }

  /** Removes the file, then ends every connection. */
  async stop(): Promise<void> {
    try {
      await removeAdminFile(this.#options.data);
    } catch (error) {
      this.#options.logger.warn("adminFile", { error: messageOf(error) });
    }
    await this.#listener?.close();
    if (this.port === undefined) await removeSocket(this.#options.data);
  }

  /** Never rejects. */
  async #answer({ method, path, headers, body }: HttpRequest): Promise<HttpAnswer> {
    // DNS rebinding: a web page can point its own name at this address, but cannot change the Host header.
    if (this.port !== undefined && headers.get("host") !== `${ADMIN_HOST}:${this.port}`) {
      return json(403, { error: "wrong Host" });
    }
    const route = this.#routes.get(`${method} ${path}`);
    if (route === undefined) {
      return json(404, { error: `there are ${[...this.#routes.keys()].join(", ")} and nothing else` });
    }
    if (!this.#knowsSecret(headers.get("authorization") ?? "")) return json(401, { error: "wrong secret" });
    if (body === undefined) {
      return json(413, {
        error: `a body needs a Content-Length of at most ${BODY_BYTES_MAX} bytes; send less`,
      });
    }
    try {
      return await route(body);
    } catch (error) {
      this.#options.logger.error("admin", { error: messageOf(error) });
      return json(500, { error: "the node could not answer; its diagnostics say why" });
    }
  }

  #status(): HttpAnswer {
    const status = this.#options.status();
    const logLevel = this.#options.level?.passing;
    return json("starting" in status ? 503 : 200, logLevel === undefined ? status : { ...status, logLevel });
  }

  async #operate(body: string): Promise<HttpAnswer> {
    const desk = this.#options.operator?.();
    if (desk === undefined) return this.#status();
    const request = parseOperatorRequest(body);
    if (typeof request === "string") return json(400, { error: request });
    return json(200, await new Promise((resolve) => desk.serve(request, resolve)));
  }

  #changeLevel(body: string): HttpAnswer {
    const { node, level } = this.#options;
    if (level === undefined) return json(404, { error: "this node has no level of diagnostics" });
    const change = parseLevelChange(body);
    if (typeof change === "string") return json(400, { error: change });
    level.change(change.level, change.forMs);
    const leftMs = level.passing === undefined ? null : change.forMs;
    const answer: LevelAnswer = { node, level: level.current, leftMs };
    return json(200, answer);
  }

  #drain(body: string): HttpAnswer {
    const { node, drain } = this.#options;
    if (drain === undefined) return json(404, { error: "this node cannot be drained" });
    const request = parseDrainRequest(body);
    if (typeof request === "string") return json(400, { error: request });
    const answer: DrainAnswer = { node, problem: drain(request.forMs) ?? null };
    return json(200, answer);
  }

  #knowsSecret(authorization: string): boolean {
    const encoder = new TextEncoder();
    const given = encoder.encode(authorization);
    const right = encoder.encode(`Bearer ${this.#secret}`);
    return given.length === right.length && timingSafeEqual(given, right);
  }
}

function json(status: HttpAnswer["status"], value: unknown): HttpAnswer {
  return { status, type: "application/json", body: JSON.stringify(value) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
