/**
 * The commands that copy what a node holds.
 *
 * @module
 */

import { type CommandDescription, NODE_OR_DATA } from "./command_description.ts";

/** Backs up, or verifies a backup. */
export const BACKUP: CommandDescription<"backup"> = {
  name: "backup",
  summary: "Copies the log of a node into a folder, or brings the copy there up to date.",
  details: [
    "The node may be running, and its disk may be full. Without --node, it is the first node of the configuration.",
    "A second backup into the same folder copies only what is new. What it copies is verified. If it is",
    "interrupted, the backup before is as it was.",
    "The folder is for one node only, and cannot lie in its data folder. It gets everything that people have",
    "written, and the hashes of their passwords, but no key, no certificate and no configuration.",
  ],
  operands: "FOLDER",
  flags: ["node", "config", "data", "verify"],
  examples: [
    ["backup /mnt/backups/node1", "backs up the first node"],
    ["backup --verify /mnt/backups/node1", "reads all of that backup"],
  ],
  build: (flags, folders) =>
    withBackup("backup", folders, (folder) => ({
      name: "backup",
      config: flags.value("config"),
      node: flags.value("node"),
      data: flags.value("data"),
      folder,
      verify: flags.given("verify"),
    })),
};

/** Restores. */
export const RESTORE: CommandDescription<"restore"> = {
  name: "restore",
  summary: "Makes the log of an empty data folder from a backup.",
  details: [
    "The node must not be running; without --node, it is the first node of the configuration.",
    "The others of its cluster may run: they give it what it lacks, before it serves.",
    "A backup that is damaged is refused with the file, the line and the byte.",
    "--until leaves out what is later. It needs a cluster whose nodes are all stopped, and another name for it in",
    "the configuration; the other nodes then start with empty data folders.",
  ],
  operands: "FOLDER",
  flags: ["node", "config", "data", "until"],
  examples: [
    ["restore /mnt/backups/node1", "restores the first node"],
    ["restore --until 2026-01-31T18:00Z /mnt/backups/node1", "begins a new cluster, as it was then"],
  ],
  build: (flags, folders) =>
    withBackup("restore", folders, (folder) => {
      const until = flags.value("until");
      return {
        name: "restore",
        config: flags.value("config"),
        node: flags.value("node"),
        data: flags.value("data"),
        folder,
        untilMs: until === undefined ? undefined : Date.parse(until),
      };
    }),
};

/** Exports a person. */
export const EXPORT: CommandDescription<"export"> = {
  name: "export",
  summary: "Prints everything that a node holds about one person, as JSON lines for them.",
  details: [
    "The node may be running. Without --node and --data, it is the first node of the configuration.",
    "The lines have the account, its logins without their tokens, the conversations, all messages sent and received",
    "that the person can see, and their marks; no password, and nothing that was deleted.",
  ],
  operands: "NAME",
  flags: ["node", "config", "data"],
  examples: [["export alice", "prints what there is about alice"]],
  build: (flags, names) => {
    const [person, ...more] = names;
    const [node, data] = [flags.value("node"), flags.value("data")];
    if (person === undefined || more.length > 0) return "export needs one NAME, as in: export alice";
    if (node !== undefined && data !== undefined) return NODE_OR_DATA;
    return { name: "export", config: flags.value("config"), node, data, person };
  },
};

/** Requires exactly one folder. */
function withBackup<C>(name: string, folders: readonly string[], build: (folder: string) => C): C | string {
  const [folder, ...more] = folders;
  if (folder === undefined || folder === "") return `${name} needs the FOLDER of the backup`;
  return more.length === 0
    ? build(folder)
    : `${name} takes one FOLDER, and "${folders.join(" ")}" are several`;
}
