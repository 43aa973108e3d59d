/**
 * An admin service for tests, and requests to it as they are.
 *
 * @module
 */

import { type AdminAddress, readAdminFile } from "../../server/admin/admin_file.ts";
import { AdminService } from "../../server/admin/admin_service.ts";
import type { NodeStatus } from "../../server/admin/node_status.ts";
import type { StartingStatus } from "../../server/admin/starting_status.ts";
import type { ShownLevel } from "../../server/diagnostics/shown_level.ts";
import type { OperatorDesk } from "../../server/ports/operator.ts";
import type { Logger } from "../../server/ports/outside.ts";
import { NODE_STATUS } from "../testing/node_statuses.ts";
import { pathExists } from "../testing/path_exists.ts";

/** A service in a data folder of its own. `await using` stops it. */
export class Stage implements AsyncDisposable {
  private constructor(
    readonly data: string,
    readonly logged: readonly string[],
    readonly service: AdminService,
    readonly address: AdminAddress | undefined,
  ) {}

  static async set(
    options: {
      readonly status?: () => NodeStatus | StartingStatus;
      readonly operator?: () => OperatorDesk | undefined;
      readonly level?: ShownLevel;
      readonly data?: string;
      /** True for a folder that can have no socket. */
      readonly hasLongPath?: boolean;
    } = {},
  ): Promise<Stage> {
    const { status = () => NODE_STATUS, operator = () => undefined } = options;
    const folder = options.data ?? await tempFolder(options.hasLongPath);
    const logged: string[] = [];
    const log = (event: string): void => void logged.push(event);
    const logger: Logger = { debug: log, info: log, warn: log, error: log };
    const service = await AdminService.start({
      data: folder,
      node: "node1",
      status,
      operator,
      ...options.level && { level: options.level },
      logger,
    });
    const address = await pathExists(folder) ? await readAdminFile(folder) : undefined;
    return new Stage(folder, logged, service, address);
  }

  get path(): string {
    return `${this.data}/admin.json`;
  }

  /** Sends a request as it is; returns status and body. */
  async ask(head: readonly string[], body = ""): Promise<readonly [number, string]> {
    using connection = await this.connect();
    const text = [...head, "Connection: close", "", body].join("\r\n");
    await connection.write(new TextEncoder().encode(text));
    const answer = await readAll(connection);
    const [, status = "", rest = ""] = /^HTTP\/1\.1 (\d+) .*?\r\n\r\n(.*)$/s.exec(answer) ?? [];
    return [Number(status), rest];
  }

  /** Posts a body; returns status and body of the answer. */
  async post(path: string, body: string, authorization?: string): Promise<readonly [number, string]> {
    const changes = { request: `POST ${path}`, ...authorization !== undefined && { authorization } };
    const head = [...this.head(changes), `Content-Length: ${new TextEncoder().encode(body).length}`];
    return await this.ask(head, body);
  }

  /** Connects to the socket, or to the port of a service that has no socket. */
  async connect(): Promise<Deno.Conn> {
    const { port } = this.service;
    return port === undefined
      ? await Deno.connect({ transport: "unix", path: `${this.data}/admin.sock` })
      : await Deno.connect({ hostname: "127.0.0.1", port });
  }

  /** The header lines of an accepted request, with some changes. */
  head(changes: { request?: string; host?: string; authorization?: string } = {}): string[] {
    const {
      request = "GET /status",
      host = `127.0.0.1:${this.service.port}`,
      authorization = `Bearer ${this.address?.secret}`,
    } = changes;
    return [
      `${request} HTTP/1.1`,
      `Host: ${host}`,
      ...(authorization && [`Authorization: ${authorization}`]),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service.stop();
    if (await pathExists(this.data)) await Deno.remove(this.data, { recursive: true });
  }
}

/** A folder; its path is longer than that of a socket can be, if that is asked for. */
async function tempFolder(hasLongPath = false): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "chat-admin-test-" });
  if (!hasLongPath) return folder;
  const long = `${folder}/${"x".repeat(100)}`;
  await Deno.mkdir(long);
  return long;
}

async function readAll(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4_096);
  let text = "";
  for (let count = await connection.read(buffer); count !== null; count = await connection.read(buffer)) {
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  return text;
}
