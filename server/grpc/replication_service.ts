/**
 * The service of `proto/replication.proto`, as the library knows it, and the bounds of both ends.
 *
 * @module
 */

import {
  type ChannelOptions,
  type Client,
  type ClientDuplexStream,
  loadPackageDefinition,
  type ServiceClientConstructor,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { fileURLToPath } from "node:url";
import type { WireMessage } from "./message_codec.ts";

const FILE = new URL("../../proto/replication.proto", import.meta.url);
const NAME = "chat.replication.v1.Replication";

/** Bytes of one message that comes in; one that goes out has half of it, unless a single entry is longer. */
export const MESSAGE_BYTES_MAX = 1_048_576;

/** Streams of one connection. */
const STREAMS_PER_CONNECTION_MAX = 16;

/**
 * For both ends. The library's own signs of life are not used: they end healthy connections on some versions
 * of the runtime, and the messages have a heartbeat.
 */
export const CHANNEL_OPTIONS: ChannelOptions = {
  "grpc.max_receive_message_length": MESSAGE_BYTES_MAX,
  "grpc.max_concurrent_streams": STREAMS_PER_CONNECTION_MAX,
  "grpc.enable_channelz": 0,
};

/** A client of the service. */
export type ReplicationClient = Client & {
  Replicate(): ClientDuplexStream<WireMessage, WireMessage>;
  ReplicateProven(): ClientDuplexStream<WireMessage, WireMessage>;
};

/** Makes clients of the service. */
type ReplicationClientClass = new (
  ...args: ConstructorParameters<ServiceClientConstructor>
) => ReplicationClient;

/**
 * Reads the specification, which takes some milliseconds.
 *
 * @throws {Error} if the file is missing or damaged
 */
function loadService(): ReplicationClientClass & { readonly service: ServiceDefinition } {
  const definition = loadSync(fileURLToPath(FILE), {
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const packages = loadPackageDefinition(definition);
  const found = NAME.split(".").reduce<unknown>(
    (outer, name) => (outer as Record<string, unknown>)[name],
    packages,
  );
  return found as ReplicationClientClass & { readonly service: ServiceDefinition };
}

/** The service: makes clients, and describes itself to a server. */
export const ReplicationService = loadService();
