/**
 * THE table of metrics. `docs/metrics.md` lists them for people. A label never has the name of a person, and only values
 * of which there are few: Prometheus keeps a series for each.
 *
 * @module
 */

/** One metric. */
interface Metric {
  readonly type: "counter" | "gauge" | "histogram";
  /** One line for people, with the unit. */
  readonly help: string;
  readonly labels?: readonly string[];
  /** Upper bounds of a histogram, in its unit. */
  readonly buckets?: readonly number[];
}

/** Seconds, from a tenth of a millisecond: a sync takes some of them, and a slow disk many. */
const BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Rows by name. */
export const METRICS = {
  chat_info: {
    type: "gauge",
    help: "Always 1; the labels are the version of the program and the names of node and cluster",
    labels: ["version", "node", "cluster"],
  },
  chat_ready: {
    type: "gauge",
    help: "1 while the node serves clients, as /ready says, else 0; missing for an archive",
  },

  chat_connections: { type: "gauge", help: "Open connections of clients", labels: ["transport"] },
  chat_connections_by_dialect: {
    type: "gauge",
    help: "Open connections of clients whose handshake is over; none before their first frame",
    labels: ["dialect"],
  },
  chat_connections_admitted_total: {
    type: "counter",
    help: "Connections of clients that were let in",
    labels: ["transport"],
  },
  chat_connections_turned_away_total: {
    type: "counter",
    help: "Connections of clients that were refused or ended because of a limit",
    labels: ["limit"],
  },
  chat_sessions: { type: "gauge", help: "Connections that are logged in" },

  chat_requests_total: {
    type: "counter",
    help: "Requests that were decided; the outcome is ok or the code of the refusal",
    labels: ["request", "outcome"],
  },
  chat_messages_sent_total: { type: "counter", help: "Messages that clients have sent to this node" },
  chat_received_bytes_total: { type: "counter", help: "Bytes of the client protocol from clients" },
  chat_sent_bytes_total: { type: "counter", help: "Bytes of the client protocol to clients" },
  chat_outbound_bytes: { type: "gauge", help: "Memory of the output that waits for its readers, bytes" },
  chat_queue_length: { type: "gauge", help: "Number of things that wait for their turn", labels: ["queue"] },

  chat_turn_seconds: {
    type: "histogram",
    help: "Time of a turn that writes: from its first request until its replies may leave, s",
    buckets: BUCKETS,
  },
  chat_sync_seconds: {
    type: "histogram",
    help: "Time from the write of a turn to the log until the disk has it, s",
    buckets: BUCKETS,
  },

  chat_accounts: { type: "gauge", help: "Accounts" },
  chat_messages: { type: "gauge", help: "Messages that are not deleted" },
  chat_messages_in_memory: { type: "gauge", help: "Messages in memory" },
  chat_log_entries: { type: "gauge", help: "Entries in the log" },
  chat_log_bytes: { type: "gauge", help: "Length of the files of the log, bytes" },
  chat_disk_free_bytes: {
    type: "gauge",
    help:
      "Free space for the node's user on the disk of the data folder, bytes; missing without the permission",
  },
  chat_full: {
    type: "gauge",
    help: "1 while the disk or the memory is full and nothing new is taken",
    labels: ["what"],
  },

  chat_copies: { type: "gauge", help: "Disks that a message is on that is acknowledged now" },
  chat_nodes: { type: "gauge", help: "Configured nodes, this one included" },
  chat_peer_state: {
    type: "gauge",
    help: "1 for the state that a peer is in, 0 for the others",
    labels: ["peer", "state"],
  },
  chat_peer_entries_behind: {
    type: "gauge",
    help: "Entries of this node that a peer lacks",
    labels: ["peer"],
  },
  chat_forks: { type: "gauge", help: "Origins with two branches, of which nothing is taken or passed on" },
  chat_archive_lag_entries: { type: "gauge", help: "Entries of the log that the archive lacks" },
  chat_archive_up: {
    type: "gauge",
    help: "1 while the archive follows the log; 0 while it is built or cannot be used",
  },

  chat_heap_used_bytes: { type: "gauge", help: "Memory of objects in V8, with garbage, bytes" },
  chat_heap_limit_bytes: { type: "gauge", help: "Room for objects that stay, bytes" },
  chat_event_loop_delay_seconds: {
    type: "histogram",
    help: "Delay of a timer that runs ten times a second, s",
    buckets: BUCKETS,
  },
  chat_certificate_days_left: {
    type: "gauge",
    help: "Days until a certificate in use expires; negative once it has",
    labels: ["certificate"],
  },

  process_cpu_seconds_total: { type: "counter", help: "Processor time of the process, s" },
  process_resident_memory_bytes: { type: "gauge", help: "Resident memory of the process, bytes" },
  process_start_time_seconds: { type: "gauge", help: "Start of the process, s since the Unix epoch" },
} as const satisfies Record<string, Metric>;

type Table = typeof METRICS;

/** Metrics that are observed one value at a time. */
export type HistogramName = {
  [Name in keyof Table]: Table[Name]["type"] extends "histogram" ? Name : never;
}[keyof Table];

/** Metrics whose values are read when somebody asks. */
export type SampledName = Exclude<keyof Table, HistogramName>;

type LabelOf<Name extends SampledName> = Table[Name] extends { readonly labels: readonly (infer Label)[] }
  ? Extract<Label, string>
  : never;

/** A value and its labels. */
export interface Sample<Label extends string = string> {
  readonly value: number;
  readonly labels: Readonly<Record<Label, string>>;
}

/** The values of all metrics at one moment; none where there is nothing to say. */
export type Figures = { readonly [Name in SampledName]: readonly Sample<LabelOf<Name>>[] };

/** The row of a metric. */
export function metricOf(name: keyof Table): Metric {
  return METRICS[name];
}
