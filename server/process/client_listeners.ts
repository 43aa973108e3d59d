/**
 * The ports of a node for clients, as the configuration names them.
 *
 * @module
 */

import type { NodeConfiguration } from "../config/node_configuration.ts";
import type { Connections } from "../net/connections.ts";
import { Listener, type ListenOptions } from "../net/listener.ts";
import { Proxies } from "../net/proxies.ts";
import type { Descriptors } from "../ports/descriptors.ts";
import type { Logger } from "../ports/outside.ts";
import { type Certificate, readCertificate } from "./certificate_files.ts";
import { type Callers, cannotListen } from "./listen_problem.ts";

/**
 * Listens without TLS and, if the configuration says so, with it, in this order; an archive has no such port.
 *
 * @param descriptors while they are short, no connection is accepted
 * @throws {Error} if a port is taken or the certificate cannot be used
 */
export function listenForClients(
  { archive, tcp, tls, limits, ...configuration }: NodeConfiguration,
  certificate: Certificate | undefined,
  connections: Connections,
  logger: Logger,
  descriptors: Descriptors,
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
  if (tls && certificate) open("TLS clients", { hostname: tls.host, port: tls.port, tls: certificate });
  return listeners;
}

/**
 * Reads the certificate for clients again and shows it to new TLS connections. Never rejects: if it cannot be used,
 * the port keeps the one that it has.
 *
 * @param listeners those of `listenForClients`
 */
export async function renewCertificate(
  configuration: NodeConfiguration,
  [, listener]: readonly Listener[],
  logger: Logger,
): Promise<void> {
  const { tls } = configuration;
  if (tls === undefined || listener === undefined) return;
  const files = { cert: tls.certFile, key: tls.keyFile };
  try {
    const certificate = await readCertificate(configuration);
    if (certificate !== undefined) listener.renew(certificate);
    logger.info("certificateRenewed", files);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const next =
      "the TLS port keeps the certificate that it has; once this is mended, send SIGHUP again or restart";
    logger.error("certificateNotRenewed", { ...files, problem, next });
  }
}
