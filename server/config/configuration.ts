/**
 * Parses `cluster_config.json` into the configuration of each node.
 *
 * @module
 */

import { besideFile } from "./beside_file.ts";
import { portConflicts } from "./endpoints.ts";
import { Fields, type TextForm } from "./fields.ts";
import { findJsonFault } from "./json_fault.ts";
import { ARCHIVE_TAG, CLUSTER_KEY_FILE, isWildcard, type NodeConfiguration } from "./node_configuration.ts";
import { type NodeDraft, readNode } from "./node_draft.ts";
import { certificateNameProblem, peerCertificates } from "./peer_certificates.ts";
import { DEFAULT_SETTINGS, readSettings, SETTINGS_KEYS } from "./settings.ts";

/** Default name of the configuration file. */
export const CONFIG_FILE = "cluster_config.json";

/** A whole cluster; it has at least one node. */
export interface Configuration {
  readonly cluster: string;
  readonly nodes: readonly NodeConfiguration[];
}

/** A configuration, or all of its problems. */
export type ParsedConfiguration = { readonly configuration: Configuration } | {
  readonly problems: readonly string[];
  /** The readable part of the nodes, to be used only to find further problems. */
  readonly readable?: readonly NodeConfiguration[];
};

const CLUSTER_NAME: TextForm = {
  pattern: /^[^\p{C}]{1,64}$/u,
  what: "the name of the cluster, 1 to 64 characters",
};

const FOLDER: TextForm = { pattern: /^[^\p{C}]+$/u, what: 'the path of a folder, as "certificates"' };

/**
 * Parses a configuration and fills in every default.
 *
 * @param fileName path of the text: relative paths of certificates start beside it
 */
export function parseConfiguration(text: string, fileName: string): ParsedConfiguration {
  const json = parseJson(text.replace(/^\uFEFF/, ""));
  if ("problems" in json) return json;
  const problems: string[] = [];
  const fields = new Fields(json.value, "", ["cluster", "nodes", "certificates", ...SETTINGS_KEYS], problems);
  const cluster = fields.text("cluster", CLUSTER_NAME);
  const folder = fields.has("certificates")
    ? besideFile(fields.text("certificates", FOLDER), fileName)
    : undefined;
  const settings = readSettings(fields, DEFAULT_SETTINGS);
  const drafts = fields.filledList("nodes").map((value, index) =>
    readNode(value, `nodes[${index}]`, settings, fileName, problems)
  );
  problems.push(...repeatedNames(drafts), ...portConflicts(drafts), ...archivesOnly(drafts));
  if (folder !== undefined) {
    problems.push(...unfitNames(drafts));
  }
  const common = { cluster, clusterKeyFile: besideFile(CLUSTER_KEY_FILE, fileName) };
  if (problems.length === 0) return { configuration: { cluster, nodes: resolve(common, folder, drafts) } };
  // An unreadable host is reported already.
  const readable = drafts.filter(({ tcp, web, metrics, grpc }) =>
    [tcp, web, metrics, grpc].every((address) => address?.host !== "")
  );
  return { problems, readable: resolve(common, folder, readable) };
}

function parseJson(text: string): { readonly value: unknown } | { readonly problems: readonly string[] } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const fault = findJsonFault(text);
    if (fault === undefined) throw error;
    return { problems: [`line ${fault.line}, column ${fault.column}: ${fault.problem}`] };
  }
}

/** Compares names without case: they become folders, and some disks do not tell case apart. */
function repeatedNames(drafts: readonly NodeDraft[]): string[] {
  const first = new Map<string, number>();
  return drafts.flatMap(({ name }, index) => {
    const key = name.toLowerCase();
    const earlier = first.get(key);
    if (name === "" || earlier === undefined) {
      first.set(key, index);
      return [];
    }
    return [
      `nodes[${index}].name is "${name}", which is nodes[${earlier}].name too; give every node its own`,
    ];
  });
}

/** Valid names that cannot be in a certificate. */
function unfitNames(drafts: readonly NodeDraft[]): string[] {
  return drafts.flatMap(({ name }) => name === "" ? [] : certificateNameProblem(name) ?? []);
}

function archivesOnly(drafts: readonly NodeDraft[]): string[] {
  if (drafts.length === 0 || !drafts.every(({ archive }) => archive)) return [];
  return [
    `every node has the tag "${ARCHIVE_TAG}", and such nodes serve no clients; take it off at least one`,
  ];
}

/** @param folder folder of the certificates, if there are any */
function resolve(
  common: Pick<NodeConfiguration, "cluster" | "clusterKeyFile">,
  folder: string | undefined,
  drafts: readonly NodeDraft[],
): NodeConfiguration[] {
  const nodes = drafts.filter(({ archive }) => !archive).map(({ name, advertise, web }) => ({
    name,
    ...advertise,
    ...(web && { web: web.url }),
  }));
  const peers = drafts.map(({ name, grpc, advertise }) => ({
    name,
    host: isWildcard(grpc.host) ? advertise.host : grpc.host,
    port: grpc.port,
  }));
  return drafts.map((draft) => ({
    ...draft,
    ...common,
    ...(folder !== undefined && { certificates: peerCertificates(folder, draft.name) }),
    nodes,
    peers: peers.filter(({ name }) => name !== draft.name),
    clusterSize: drafts.length,
  }));
}
