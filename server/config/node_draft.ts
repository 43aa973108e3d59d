/**
 * Parses one node of `cluster_config.json` without regard to the others.
 *
 * @module
 */

import { readBlocks } from "./address_blocks.ts";
import { besideFile, PEM_FILE } from "./beside_file.ts";
import { Fields, isText, shown, type TextForm } from "./fields.ts";
import {
  ARCHIVE_TAG,
  type ClientService,
  type CommonConfiguration,
  type HostAndPort,
  isWildcard,
  NODE_NAME,
  type TlsListener,
} from "./node_configuration.ts";
import { readSettings, type Settings, SETTINGS_KEYS } from "./settings.ts";
import { readWeb, WEB_KEYS } from "./web_settings.ts";

/** A node without the settings that follow from other nodes. */
export type NodeDraft =
  & Omit<
    CommonConfiguration,
    "cluster" | "nodes" | "peers" | "clusterSize" | "certificates" | "clusterKeyFile"
  >
  & ClientService;

const NODE_KEYS = [
  "name",
  "desc",
  "tcp",
  "grpc",
  "advertise",
  "tls",
  "web",
  "metrics",
  "tags",
  "insecure",
  "proxies",
  ...SETTINGS_KEYS,
];

const PORT = { min: 1, max: 65_535 };

const HOST: TextForm = {
  pattern: /^(?:[A-Za-z0-9_][A-Za-z0-9._-]{0,252}|[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)$/,
  what: 'a host name or an IP address without a port, as in "127.0.0.1"',
};

const DESCRIPTION: TextForm = { pattern: /^[^\p{C}]{0,200}$/u, what: "a text of at most 200 characters" };
const TAG: TextForm = { pattern: /^[^\p{C}]{1,32}$/u, what: "a text of 1 to 32 characters" };

/**
 * Reads one node.
 *
 * @param path path of the node, as `nodes[1]`
 * @param settings settings of the whole cluster
 * @param fileName the configuration file: relative paths begin beside it
 * @param problems receives the problems, one text each
 */
export function readNode(
  value: unknown,
  path: string,
  settings: Settings,
  fileName: string,
  problems: string[],
): NodeDraft {
  const fields = new Fields(value, path, NODE_KEYS, problems);
  const name = fields.text("name", NODE_NAME);
  const tags = readTags(fields);
  const archive = tags.includes(ARCHIVE_TAG);
  const tcp = archive && !fields.has("tcp")
    ? undefined
    : readAddress(fields.section("tcp", ["host", "port"]));
  const grpc = readAddress(fields.section("grpc", ["host", "port"]), tcp && { host: tcp.host });
  const tlsFields = fields.optionalSection("tls", ["host", "port", "cert", "key"]);
  const tls = tlsFields && readTls(tlsFields, tcp?.host, fileName);
  const webFields = fields.optionalSection("web", WEB_KEYS);
  const web = webFields &&
    readWeb(webFields, readAddress(webFields, { host: tcp?.host ?? "127.0.0.1" }), fileName);
  const metrics = fields.optionalSection("metrics", ["host", "port"]);
  const advertise = fields.optionalSection("advertise", ["host", "port"]);
  const { host, port } = archive ? grpc : tcp ?? grpc;
  const told = { host: isWildcard(host) ? "127.0.0.1" : host, port };
  return {
    name,
    description: fields.text("desc", DESCRIPTION, ""),
    // An archive serves no clients: its ports for them are ignored.
    ...(archive || tcp === undefined
      ? { archive: true }
      : { archive: false, tcp, ...(tls && { tls }), ...(web && { web }) }),
    ...metrics && { metrics: readAddress(metrics, { host: "127.0.0.1" }) },
    grpc,
    advertise: advertise === undefined ? told : readAddress(advertise, told),
    tags,
    insecure: fields.boolean("insecure", false),
    proxies: readBlocks(fields, "proxies"),
    ...readSettings(fields, settings),
  };
}

function readAddress(fields: Fields, otherwise: Partial<HostAndPort> = {}): HostAndPort {
  return {
    host: fields.text("host", HOST, otherwise.host),
    port: fields.wholeNumber("port", PORT, otherwise.port),
  };
}

function readTls(fields: Fields, host: string | undefined, fileName: string): TlsListener {
  return {
    ...readAddress(fields, host === undefined ? {} : { host }),
    certFile: besideFile(fields.text("cert", PEM_FILE), fileName),
    keyFile: besideFile(fields.text("key", PEM_FILE), fileName),
  };
}

function readTags(fields: Fields): string[] {
  return fields.list("tags").filter((tag, index): tag is string => {
    if (isText(tag, TAG)) return true;
    fields.problems.push(`${fields.pathOf("tags")}[${index}] is ${shown(tag)} and must be ${TAG.what}`);
    return false;
  });
}
