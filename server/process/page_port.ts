/**
 * The port of the page, as the configuration names it.
 *
 * @module
 */

import type { NodeAddress } from "../../common/protocol/shapes.ts";
import { type NodeConfiguration, type WebSettings, withWebPort } from "../config/node_configuration.ts";
import { parseBlock } from "../core/address_block.ts";
import type { Connections } from "../net/connections.ts";
import type { Descriptors } from "../ports/descriptors.ts";
import type { Logger } from "../ports/outside.ts";
import type { PageFile, PageOptions } from "../web/page.ts";
import { WebListener } from "../web/web_listener.ts";
import type { Certificate } from "./certificate_files.ts";
import { cannotListen } from "./listen_problem.ts";

/** The files of a page by name; none if the program was built without one, and then the WebSocket alone is served. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** The parts of a node that its page needs. */
interface PageParts {
  readonly files: PageFiles;
  /** Certificate of the port, if it has TLS of its own. */
  readonly certificate: Certificate | undefined;
  readonly connections: Connections;
  readonly descriptors: Descriptors;
  readonly logger: Logger;
}

/** A port that serves the page. */
export class PagePort {
  readonly #listener: WebListener;
  /** Name of the node. */
  readonly #name: string;
  #page: PageOptions;

  /**
   * Listens at once.
   *
   * @param web the port to bind, of this configuration
   * @throws {Error} with the way out, if the port is taken or the certificate cannot be used
   */
  constructor(
    configuration: NodeConfiguration,
    web: WebSettings,
    { files, certificate, connections, descriptors, logger }: PageParts,
  ) {
    const { name, nodes, limits } = configuration;
    this.#name = name;
    const isSecure = certificate !== undefined;
    this.#page = { files, isSecure, own: new URL(web.url), others: othersOf(nodes, name) };
    const options = {
      hostname: web.host,
      port: web.port,
      trustedProxies: web.trustedProxies.map(parseBlock).filter((block) => block !== undefined),
      limits,
      descriptors,
      ...(certificate && { tls: certificate }),
      page: () => this.#page,
    };
    try {
      this.#listener = new WebListener(options, connections, logger);
    } catch (error) {
      throw cannotListen("browsers", web.host, web.port, error);
    }
    const { url } = withWebPort(configuration, this.port).web ?? web;
    this.#page = { ...this.#page, own: new URL(url) };
  }

  /** The bound port. */
  get port(): number {
    return this.#listener.port;
  }

  /** The address that people type. */
  get url(): string {
    return this.#page.own.href;
  }

  /** True if there are files to serve. */
  get hasFiles(): boolean {
    return this.#page.files.size > 0;
  }

  /** Lets pages of these other nodes in, and no others any more. */
  reconfigure(nodes: readonly NodeAddress[]): void {
    this.#page = { ...this.#page, others: othersOf(nodes, this.#name) };
  }

  /** Shows another certificate to new connections. @throws {Error} if it cannot be used */
  renew(certificate: Certificate): void {
    this.#listener.renew(certificate);
  }

  /** Accepts no further connection; open WebSockets continue. */
  close(): void {
    this.#listener.close();
  }
}

function othersOf(nodes: readonly NodeAddress[], own: string): URL[] {
  return nodes.flatMap(({ name, web }) => name === own || web === undefined ? [] : [new URL(web)]);
}
