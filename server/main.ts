/**
 * The server program: parses the command line and calls the handler of its command.
 *
 * @module
 */

import { type Command, USAGE_STATUS } from "./cli/command.ts";
import { parseCommandLine } from "./cli/parse_command_line.ts";
import { backupCommand } from "./commands/backup.ts";
import { checkCommand } from "./commands/check.ts";
import { drainCommand } from "./commands/drain.ts";
import { exportCommand } from "./commands/export.ts";
import { importCommand } from "./commands/import.ts";
import { initCommand } from "./commands/init.ts";
import { inviteCommand, invitesCommand, revokeInvitationCommand } from "./commands/invites.ts";
import { logLevelCommand } from "./commands/log_level.ts";
import { repairLogCommand } from "./commands/log_repair.ts";
import { showLogCommand } from "./commands/log_show.ts";
import { verifyLogCommand } from "./commands/log_verify.ts";
import { print } from "./commands/print.ts";
import { restoreCommand } from "./commands/restore.ts";
import { runCommand } from "./commands/run.ts";
import { endSessionsCommand, sessionsCommand } from "./commands/sessions.ts";
import { statusCommand } from "./commands/status.ts";
import {
  addUserCommand,
  deleteUserCommand,
  disableUserCommand,
  enableUserCommand,
  userPasswordCommand,
} from "./commands/user_acts.ts";
import { showUserCommand, usersCommand } from "./commands/users.ts";

/** The handler of each command; it returns the exit status. */
const HANDLERS: {
  readonly [Name in Command["name"]]: (command: Command & { name: Name }) => Promise<number>;
} = {
  run: runCommand,
  check: checkCommand,
  init: initCommand,
  "log show": showLogCommand,
  "log verify": verifyLogCommand,
  "log repair": repairLogCommand,
  import: importCommand,
  backup: backupCommand,
  restore: restoreCommand,
  export: exportCommand,
  status: statusCommand,
  users: usersCommand,
  "users show": showUserCommand,
  "users add": addUserCommand,
  "users password": userPasswordCommand,
  "users disable": disableUserCommand,
  "users enable": enableUserCommand,
  "users delete": deleteUserCommand,
  sessions: sessionsCommand,
  "sessions end": endSessionsCommand,
  invite: inviteCommand,
  invites: invitesCommand,
  "invites revoke": revokeInvitationCommand,
  "log-level": logLevelCommand,
  drain: drainCommand,
};

async function main(args: readonly string[]): Promise<number> {
  const parsed = parseCommandLine(args);
  if (parsed.name === "help") {
    await print(Deno.stdout, parsed.text);
    return 0;
  }
  if (parsed.name === "usage error") {
    await print(Deno.stderr, parsed.message);
    return USAGE_STATUS;
  }
  const handler = HANDLERS[parsed.name] as (command: Command) => Promise<number>;
  return await handler(parsed);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
