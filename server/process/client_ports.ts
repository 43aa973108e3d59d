/**
 * The ports of a node for clients, as the configuration names them.
 *
 * @module
 */

import type { NodeAddress } from "../../common/protocol/shapes.ts";
import {
  type NodeConfiguration,
  withoutWeb,
  withTcpPort,
  withWebPort,
} from "../config/node_configuration.ts";
import type { Connections } from "../net/connections.ts";
import { Listener, type ListenOptions } from "../net/listener.ts";
import { Proxies } from "../net/proxies.ts";
import type { TlsCertificate } from "../net/tls_engine.ts";
import type { Descriptors } from "../ports/descriptors.ts";
import type { Logger } from "../ports/outside.ts";
import { type ClientCertificates, readCertificate } from "./certificate_files.ts";
import { type Callers, cannotListen, isTaken } from "./listen_problem.ts";
import type { PageFiles, PagePort } from "./page_port.ts";

/** The parts of a node that its ports need. */
interface ClientPortsParts {
  readonly certificates: ClientCertificates;
  readonly page: PageFiles;
  /** True if the node serves without its page where another program has the port for it. */
  readonly isPageOptional: boolean;
  readonly connections: Connections;
  readonly logger: Logger;
  /** While they are short, no connection is accepted. */
  readonly descriptors: Descriptors;
}

/** For a program that was built without the page. */
const WITHOUT_PAGE = {
  problem: "this program was built without a page, so browsers find none; programs can use the WebSocket",
};

/** A port whose certificate can be renewed. */
interface RenewablePort {
  /** Its name in messages. */
  readonly title: string;
  readonly port: { renew(certificate: TlsCertificate): void } | undefined;
}

/** The open ports; an archive has none. */
export class ClientPorts {
  readonly #configuration: NodeConfiguration;
  readonly #listeners: readonly Listener[];
  readonly #page: PagePort | undefined;
  #certificates: ClientCertificates;

  private constructor(
    configuration: NodeConfiguration,
    listeners: readonly Listener[],
    page: PagePort | undefined,
    certificates: ClientCertificates,
  ) {
    this.#configuration = configuration;
    this.#listeners = listeners;
    this.#page = page;
    this.#certificates = certificates;
  }

  /** The certificates that new connections are shown. */
  get certificates(): ClientCertificates {
    return this.#certificates;
  }

  /**
   * Listens for browsers, without TLS, and with it, as far as the configuration says so.
   *
   * @throws {Error} if a port is taken or a certificate cannot be used
   */
  static async open(configuration: NodeConfiguration, parts: ClientPortsParts): Promise<ClientPorts> {
    const page = await openPage(configuration, parts);
    try {
      // At once, so that no client hears of a port 0 from `nodes`.
      return new ClientPorts(configuration, listen(configuration, parts), page, parts.certificates);
    } catch (error) {
      page?.close();
      throw error;
    }
  }

  /** The port that clients connect to without TLS; 0 if there is none. */
  get port(): number {
    return this.#listeners[0]?.port ?? 0;
  }

  /** The port that clients connect to with TLS, if there is one. */
  get tlsPort(): number | undefined {
    return this.#listeners[1]?.port;
  }

  /** The page, if it is served. */
  get page(): Pick<PagePort, "url" | "hasFiles"> | undefined {
    return this.#page;
  }

  /** The configuration with the ports that are open: a port 0 is a number in it, and a page is there if it is served. */
  get configuration(): NodeConfiguration {
    const configuration = withTcpPort(this.#configuration, this.port);
    return this.#page === undefined ? withoutWeb(configuration) : withWebPort(configuration, this.#page.port);
  }

  /** Takes over the addresses of the nodes, which are those of their pages too. */
  reconfigure(nodes: readonly NodeAddress[]): void {
    this.#page?.reconfigure(nodes);
  }

  /**
   * Reads the certificates for clients again and shows them to new TLS connections. Never rejects: a port whose
   * certificate cannot be used keeps the one that it has.
   */
  async renewCertificates(logger: Logger): Promise<void> {
    await this.#renew("tls", { title: "the TLS port", port: this.#listeners[1] }, logger);
    await this.#renew("web", { title: "the port of the page", port: this.#page }, logger);
  }

  /** Accepts no further connection. Existing connections continue. */
  close(): void {
    this.#page?.close();
    for (const listener of this.#listeners) listener.close();
  }

  async #renew(
    section: keyof ClientCertificates,
    { title, port }: RenewablePort,
    logger: Logger,
  ): Promise<void> {
    const { certFile: cert, keyFile: key } = this.#configuration[section] ?? {};
    if (cert === undefined || port === undefined) return;
    try {
      const certificate = await readCertificate(this.#configuration, section);
      if (certificate !== undefined) port.renew(certificate);
      this.#certificates = { ...this.#certificates, [section]: certificate };
      logger.info("certificateRenewed", { cert, key });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const next =
        `${title} keeps the certificate that it has; once this is mended, send SIGHUP again or restart`;
      logger.error("certificateNotRenewed", { cert, key, problem, next });
    }
  }
}

function listen(
  { archive, tcp, tls, limits, ...configuration }: NodeConfiguration,
  { certificates, connections, logger, descriptors }: ClientPortsParts,
): Listener[] {
  if (archive) return [];
  const proxies = new Proxies(configuration.proxies, limits, logger);
  const listeners: Listener[] = [];
  const open = (callers: Callers, options: ListenOptions): void => {
    try {
      listeners.push(new Listener({ ...options, proxies, descriptors }, connections, logger));
    } catch (error) {
      for (const listener of listeners) listener.close();
      throw cannotListen(callers, options.hostname, options.port, error);
    }
  };
  open("clients", { hostname: tcp.host, port: tcp.port });
  if (tls && certificates.tls) {
    open("TLS clients", { hostname: tls.host, port: tls.port, tls: certificates.tls });
  }
  return listeners;
}

async function openPage(
  configuration: NodeConfiguration,
  { certificates, page, isPageOptional, connections, logger, descriptors }: ClientPortsParts,
): Promise<PagePort | undefined> {
  if (configuration.web === undefined) return undefined;
  // Loaded only if it is needed: a node without a page starts sooner.
  const { PagePort } = await import("./page_port.ts");
  try {
    const parts = { files: page, certificate: certificates.web, connections, descriptors, logger };
    const port = new PagePort(configuration, configuration.web, parts);
    if (!port.hasFiles) logger.info("noPage", WITHOUT_PAGE);
    return port;
  } catch (error) {
    if (!isPageOptional || !(error instanceof Error) || !isTaken(error.cause)) throw error;
    const next = "clients that need no browser are served; --web-port PORT chooses another port for the page";
    logger.warn("pageNotServed", { problem: error.message, next });
    return undefined;
  }
}
