/**
 * A look at the ports of a node before its log is replayed, which may take long: a port that is taken is told at once.
 *
 * @module
 */

import type { NodeConfiguration } from "../config/node_configuration.ts";
import { openDoor } from "../net/door.ts";
import type { Logger } from "../ports/outside.ts";
import type { Certificate, ClientCertificates } from "./certificate_files.ts";
import { type Callers, cannotListen, isTaken } from "./listen_problem.ts";

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
 * @param isPageOptional true if the port of the page may be taken
 * @throws {Error} with the way out, if a port is taken or a certificate cannot be used
 */
export function checkPorts(
  configuration: NodeConfiguration,
  certificates: ClientCertificates,
  isPageOptional = false,
): void {
  const opened: { close(): void }[] = [];
  try {
    for (const { callers, ...place } of portsOf(configuration, certificates)) {
      try {
        opened.push(openDoor(place, SILENT));
      } catch (error) {
        // The node says so once it would listen.
        if (callers === "browsers" && isPageOptional && isTaken(error)) continue;
        throw cannotListen(callers, place.hostname, place.port, error);
      }
    }
  } finally {
    for (const each of opened) each.close();
  }
}

function portsOf(
  { archive, peers, grpc, tcp, tls, web, metrics }: NodeConfiguration,
  certificates: ClientCertificates,
): PortToBe[] {
  const ports: PortToBe[] = [];
  if (metrics) ports.push({ callers: "scrapers", hostname: metrics.host, port: metrics.port });
  if (peers.length > 0) ports.push({ callers: "peers", hostname: grpc.host, port: grpc.port });
  if (archive) return ports;
  ports.push({ callers: "clients", hostname: tcp.host, port: tcp.port });
  if (tls && certificates.tls) {
    ports.push({ callers: "TLS clients", hostname: tls.host, port: tls.port, tls: certificates.tls });
  }
  if (web) {
    ports.push({ callers: "browsers", hostname: web.host, port: web.port, ...withTls(certificates.web) });
  }
  return ports;
}

function withTls(certificate: Certificate | undefined): Pick<PortToBe, "tls"> {
  return certificate === undefined ? {} : { tls: certificate };
}
