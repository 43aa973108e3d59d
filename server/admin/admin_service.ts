/**
 * The admin service of a running node: HTTP on 127.0.0.1, for users that can read the data folder.
 *
 * @module
 */

import { timingSafeEqual } from "node:crypto";
import { hex } from "../core/identity.ts";
import type { Logger } from "../ports/outside.ts";
import { ADMIN_HOST, removeAdminFile, writeAdminFile } from "./admin_file.ts";
import type { NodeStatus } from "./node_status.ts";

const SECRET_BYTES = 32;

/** Settings and dependencies of an admin service. */
interface AdminServiceOptions {
  /** The data folder, which must exist and be locked. */
  readonly data: string;
  /** Name of the node. */
  readonly node: string;
  /** The current status of the node. */
  status(): NodeStatus;
  readonly logger: Logger;
}

/** Answers status requests that carry the secret of the admin file. */
export class AdminService {
  readonly #secret = hex(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  readonly #options: AdminServiceOptions;
  readonly #end = new AbortController();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /**
   * Listens on a free port, and writes the port and the secret into the data folder. If the disk has no room
   * for that, the node runs without an admin service that can be found.
   *
   * @throws {Error} of the system, if no port is free
   */
  static async start(options: AdminServiceOptions): Promise<AdminService> {
    const service = new AdminService(options);
    const { data, node, logger } = options;
    const address = { port: service.port, secret: service.#secret, pid: Deno.pid, node };
    try {
      await writeAdminFile(data, address);
    } catch (error) {
      logger.warn("adminFile", { error: error instanceof Error ? error.message : String(error) });
    }
    return service;
  }

  private constructor(options: AdminServiceOptions) {
    this.#options = options;
    this.#server = Deno.serve({
      hostname: ADMIN_HOST,
      port: 0,
      signal: this.#end.signal,
      onListen: () => {},
      onError: (error) => this.#fail(error),
    }, (request) => this.#answer(request));
  }

  /** The bound port. */
  get port(): number {
    return this.#server.addr.port;
  }

  /** Removes the file, then ends every connection. */
  async stop(): Promise<void> {
    try {
      await removeAdminFile(this.#options.data);
    } catch (error) {
      this.#options.logger.warn("adminFile", {
        error: error instanceof Error ? error.message : String(error),
      });
    }
    this.#end.abort();
    await this.#server.finished;
  }

  #answer(request: Request): Response {
    // DNS rebinding: a web page can point its own name at this address, but cannot change the Host header.
    if (request.headers.get("host") !== `${ADMIN_HOST}:${this.port}`) return refusal(403, "wrong Host");
    if (request.method !== "GET" || new URL(request.url).pathname !== "/status") {
      return refusal(404, "there is GET /status and nothing else");
    }
    if (!this.#knowsSecret(request)) return refusal(401, "wrong secret");
    return Response.json(this.#options.status(), { headers: { "cache-control": "no-store" } });
  }

  #knowsSecret(request: Request): boolean {
    const encoder = new TextEncoder();
    const given = encoder.encode(request.headers.get("authorization") ?? "");
    const right = encoder.encode(`Bearer ${this.#secret}`);
    return given.length === right.length && timingSafeEqual(given, right);
  }

  #fail(error: unknown): Response {
    this.#options.logger.error("admin", { error: error instanceof Error ? error.message : String(error) });
    return refusal(500, "the node could not answer; its diagnostics say why");
  }
}

function refusal(status: number, error: string): Response {
  return Response.json({ error }, { status });
}
