/**
 * The ports of a node for clients, as the configuration names them.
 *
 * @module
 */

import type { NodeConfiguration } from "../config/node_configuration.ts";
import type { Connections } from "../net/connections.ts";
import { Listener, type ListenOptions } from "../net/listener.ts";
import type { Logger } from "../ports/outside.ts";
import type { Certificate } from "./certificate_files.ts";
import { type Callers, cannotListen } from "./listen_problem.ts";

/**
 * Listens without TLS and, if the configuration says so, with it, in this order; an archive has no such port.
 *
 * @param accepts conditions under which connections are accepted
 * @throws {Error} if a port is taken or the certificate cannot be used
 */
export function listenForClients(
  { archive, tcp, tls }: NodeConfiguration,
  certificate: Certificate | undefined,
  connections: Connections,
  logger: Logger,
  accepts: Pick<ListenOptions, "ready" | "descriptors">,
): Listener[] {
  if (archive) return [];
  const open = (callers: Callers, options: ListenOptions): Listener => {
    try {
      return new Listener(options, connections, logger);
    } catch (error) {
      throw cannotListen(callers, options.hostname, options.port, error);
    }
  };
  const listeners = [open("clients", { hostname: tcp.host, port: tcp.port, ...accepts })];
  if (tls && certificate) {
    const address = { hostname: tls.host, port: tls.port };
    listeners.push(open("TLS clients", { ...address, tls: certificate, ...accepts }));
  }
  return listeners;
}
