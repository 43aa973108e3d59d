/**
 * A look at the ports of a node before its log is replayed, which may take long: a port that is taken is told at once.
 *
 * @module
 */

import type { NodeConfiguration } from "../config/node_configuration.ts";
import { openDoor } from "../net/door.ts";
import type { Logger } from "../ports/outside.ts";
import type { Certificate } from "./certificate_files.ts";
import { type Callers, cannotListen } from "./listen_problem.ts";

/** The ports are opened again when the node can answer: what is to be said about them is said then. */
const SILENT: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A port that the node will listen on. */
interface PortToBe {
  readonly callers: Callers;
  readonly hostname: string;
  readonly port: number;
  readonly tls?: Certificate;
}

/**
 * Binds all ports of a node and lets them go again. Another program may take one later; then the node ends when it
 * wants to listen.
 *
 * @throws {Error} with the way out, if a port is taken or the certificate cannot be used
 */
export function checkPorts(configuration: NodeConfiguration, certificate: Certificate | undefined): void {
  const opened: { close(): void }[] = [];
  try {
    for (const { callers, ...place } of portsOf(configuration, certificate)) {
      try {
        opened.push(openDoor(place, SILENT));
      } catch (error) {
        throw cannotListen(callers, place.hostname, place.port, error);
      }
    }
  } finally {
    for (const each of opened) each.close();
  }
}

function portsOf(
  { archive, peers, grpc, tcp, tls }: NodeConfiguration,
  certificate?: Certificate,
): PortToBe[] {
  const ports: PortToBe[] = [];
  if (peers.length > 0) ports.push({ callers: "peers", hostname: grpc.host, port: grpc.port });
  if (archive) return ports;
  ports.push({ callers: "clients", hostname: tcp.host, port: tcp.port });
  if (tls && certificate) {
    ports.push({ callers: "TLS clients", hostname: tls.host, port: tls.port, tls: certificate });
  }
  return ports;
}
