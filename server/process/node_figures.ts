/**
 * The figures of a node for its metrics: everything is read when somebody asks, and no name or content of people is
 * among it.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { VERSION } from "../../common/version.ts";
import type { NodeConfiguration } from "../config/node_configuration.ts";
import type { Figures, Sample } from "../metrics/metric_table.ts";
import { type Condition, whyNotReady } from "../metrics/readiness.ts";
import { copiesNow } from "../node/copies_now.ts";
import type { PeerStatus } from "../ports/node.ts";
import { daysLeft } from "./certificate_days.ts";
import type { DiskSizes } from "./disk_sizes.ts";
import type { ObservedNode } from "./observed_node.ts";
import { fullOf } from "./replica_host.ts";
import { countsOf } from "./status_of.ts";
import { systemClock } from "./system_ports.ts";

const MICROSECONDS_PER_SECOND = 1_000_000;

const PEER_STATES: readonly PeerStatus["state"][] = ["in sync", "behind", "slow", "unreachable", "refused"];

/** A node at any time of its life. */
interface FiguresSource {
  readonly configuration: NodeConfiguration;
  /** `undefined` while the log is read. */
  readonly observed: ObservedNode | undefined;
  /** True once it has opened its ports. */
  readonly isOpen: boolean;
}

/** The reason that a node does not serve clients; `undefined` if it does. */
export function problemOf({ observed, isOpen }: FiguresSource): string | undefined {
  return whyNotReady(observed && conditionOf(observed, isOpen));
}

function conditionOf({ configuration, node, log, memory }: ObservedNode, isOpen: boolean): Condition {
  return {
    isOpen,
    isArchive: configuration.archive,
    isClosing: node.closing,
    isDraining: node.drain.status !== undefined,
    full: fullOf(log, memory),
    unavailable: node.ports.replication.unavailable,
  };
}

/** The figures of a node at this moment; those of its process alone while it reads its log. */
export function figuresOf(source: FiguresSource, sizes: DiskSizes): Partial<Figures> {
  const { name, cluster, archive } = source.configuration;
  return {
    chat_info: [{ value: 1, labels: { version: VERSION, node: name, cluster } }],
    // An archive never serves clients, and must not look as if it failed to.
    chat_ready: archive ? [] : one(problemOf(source) === undefined),
    ...processFigures(),
    ...source.observed && nodeFigures(source.observed, sizes),
  };
}

function processFigures(): Partial<Figures> {
  const { user, system } = cpuUsage();
  return {
    process_cpu_seconds_total: one((user + system) / MICROSECONDS_PER_SECOND),
    process_resident_memory_bytes: one(Deno.memoryUsage().rss),
    process_start_time_seconds: one(performance.timeOrigin / 1_000),
  };
}

function nodeFigures(observed: ObservedNode, sizes: DiskSizes): Partial<Figures> {
  return {
    ...clientFigures(observed),
    ...storageFigures(observed, sizes),
    ...clusterFigures(observed),
    chat_certificate_days_left: certificateFigures(observed),
  };
}

function clientFigures(
  { node, connections, sessions, hasher, archive }: ObservedNode,
): Partial<Figures> {
  const { census } = sessions;
  const { counts, outbound } = connections;
  const queues = {
    passwords: hasher.waiting,
    archive: archive.waiting,
    rounds: connections.waiting,
    copies: node.holding.size,
  };
  return {
    chat_connections: by("transport", connections.byTransport()),
    chat_connections_by_dialect: by("dialect", census.byDialect()),
    chat_connections_admitted_total: by("transport", counts.admitted),
    chat_connections_turned_away_total: by("limit", counts.turnedAway),
    chat_sessions: one(node.audience.size),
    chat_requests_total: census.requests.all().map(({ request, outcome, count }) => ({
      value: count,
      labels: { request, outcome },
    })),
    chat_messages_sent_total: one(node.messagesSent),
    chat_received_bytes_total: one(counts.receivedBytes),
    chat_sent_bytes_total: one(outbound.writtenBytes),
    chat_outbound_bytes: one(outbound.waitingBytes),
    chat_queue_length: by("queue", queues),
  };
}

function storageFigures(
  { node, log, history, memory, archive: follower }: ObservedNode,
  sizes: DiskSizes,
): Partial<Figures> {
  const { accounts, messages, residentMessages } = countsOf(node);
  const { lag, isBuilding, problem } = follower.status();
  const { usedBytes, limitBytes } = memory.status;
  return {
    chat_accounts: one(accounts),
    chat_messages: one(messages),
    chat_messages_in_memory: one(residentMessages),
    chat_log_entries: one(history.end.position),
    chat_log_bytes: known(sizes.log),
    chat_disk_free_bytes: known(sizes.free),
    chat_full: by("what", { disk: Number(log.readOnly), memory: Number(memory.isShort) }),
    chat_archive_lag_entries: one(lag),
    chat_archive_up: one(!isBuilding && problem === undefined),
    chat_heap_used_bytes: one(usedBytes),
    chat_heap_limit_bytes: one(limitBytes),
  };
}

function clusterFigures({ node }: ObservedNode): Partial<Figures> {
  const { replication } = node.ports;
  const peers = replication.status();
  return {
    chat_copies: one(copiesNow(peers)),
    chat_nodes: one(node.settings.clusterSize),
    chat_peer_state: peers.flatMap(({ name: peer, state: present }) =>
      PEER_STATES.map((state) => ({ value: Number(state === present), labels: { peer, state } }))
    ),
    chat_peer_entries_behind: peers.map(({ name: peer, entriesBehind: value }) => ({
      value,
      labels: { peer },
    })),
    chat_forks: one(replication.forks.length),
  };
}

/** Of the certificates that are shown now: a new file on the disk counts once the node has read it. */
function certificateFigures({ ports, cluster }: ObservedNode): Figures["chat_certificate_days_left"] {
  const { tls, web } = ports?.certificates ?? {};
  const inUse = {
    tls: tls?.cert,
    web: web?.cert,
    peers: cluster.certificate?.cert,
    authority: cluster.certificate?.ca,
  };
  const nowMs = systemClock.wallMs();
  return Object.entries(inUse).flatMap(([certificate, pem]) => {
    const value = pem === undefined ? undefined : daysLeft(pem, nowMs);
    return value === undefined ? [] : [{ value, labels: { certificate } }];
  });
}

function one(value: number | boolean): Sample<never>[] {
  return [{ value: Number(value), labels: {} }];
}

function known(value: number | undefined): Sample<never>[] {
  return value === undefined ? [] : one(value);
}

function by<Label extends string>(label: Label, values: Readonly<Record<string, number>>): Sample<Label>[] {
  return Object.entries(values).map(([name, value]) => ({
    value,
    labels: { [label]: name } as Record<Label, string>,
  }));
}
