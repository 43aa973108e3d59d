/**
 * Two listeners cannot share one port of one machine.
 *
 * @module
 */

import { type HostAndPort, isWildcard, type NodeConfiguration } from "./node_configuration.ts";

/** What of a node is looked at. */
type Listeners = Pick<NodeConfiguration, "tcp" | "tls" | "grpc" | "advertise">;

/** One port that a node listens on. */
interface Endpoint extends HostAndPort {
  /** Where it is in the configuration. */
  readonly path: string;
  /** Index of its node. */
  readonly node: number;
  /** The host under which the machine is known: of a wildcard, what clients are told. */
  readonly machine: string;
}

/** Every port that is taken twice, one text each. */
export function portConflicts(nodes: readonly Listeners[]): string[] {
  const conflicts: string[] = [];
  const earlier: Endpoint[] = [];
  for (const endpoint of nodes.flatMap(endpointsOf)) {
    const holder = earlier.find((other) => collide(endpoint, other));
    earlier.push(endpoint);
    if (holder === undefined) continue;
    conflicts.push(
      `${endpoint.path} is ${endpoint.port} on ${endpoint.host}, which ${holder.path} has already; ` +
        "give every listener a port of its own",
    );
  }
  return conflicts;
}

function endpointsOf(node: Listeners, index: number): Endpoint[] {
  const listeners = [["tcp", node.tcp], ["tls", node.tls], ["grpc", node.grpc]] as const;
  return listeners.flatMap(([key, listener]) => {
    // A port of 0 could not be read, and that was said already.
    if (listener === undefined || listener.port === 0) return [];
    const { host, port } = listener;
    const machine = machineOf(isWildcard(host) ? node.advertise.host : host);
    return [{ path: `nodes[${index}].${key}.port`, node: index, host, port, machine }];
  });
}

function collide(one: Endpoint, other: Endpoint): boolean {
  if (one.port !== other.port) return false;
  if (one.machine === other.machine) return true;
  return one.node === other.node && (isWildcard(one.host) || isWildcard(other.host));
}

function machineOf(host: string): string {
  const name = host.toLowerCase();
  return name === "localhost" || name === "::1" ? "127.0.0.1" : name;
}
