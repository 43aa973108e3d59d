/**
 * Checks that systemd accepts `packaging/systemd/chat-server.service`, and the program the command line in
 * it.
 *
 * @module
 */

import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { DEFAULT_LIMITS } from "../../common/limits.ts";
import { USAGE_STATUS } from "../../server/cli/command.ts";
import { parseCommandLine } from "../../server/cli/parse_command_line.ts";
import { processTest } from "../testing/permissions.ts";

const UNIT = new URL("../../packaging/systemd/chat-server.service", import.meta.url);

/** Path at which the unit expects the executable. */
const EXECUTABLE = "/usr/local/bin/chat-server";

/** The first systemd that can judge a unit file by itself, and its exposure. */
const SYSTEMD_VERSION_MIN = 250;

/** Highest exposure of the service, of 100. */
const EXPOSURE_MAX = 20;

/** Time limit of a stop (README, "The server"), s. */
const STOP_SECONDS = 2;

/** Settings that would override the restart or the stop of the node. */
const OVERRIDING = [
  "ExecStop",
  "KillMode",
  "RestartForceExitStatus",
  "RestartKillSignal",
  "SuccessExitStatus",
  "TimeoutSec",
];

/** Judgement of systemd on a unit. */
interface Verdict {
  readonly status: number;
  /** The lines about the unit itself: faults of this machine's other units do not matter. */
  readonly complaints: readonly string[];
}

const reason = await whyNoSystemd();

function unitTest(name: string, run: (unit: string) => Promise<void>): void {
  const test = async (): Promise<void> => await run(await Deno.readTextFile(UNIT));
  if (reason === undefined) processTest(name, test);
  else Deno.test({ name: `${name} (ignored: ${reason})`, ignore: true, fn: test });
}

/** The reason why this machine cannot check units; `undefined` if it can. */
async function whyNoSystemd(): Promise<string | undefined> {
  // Without the permission, processTest reports it.
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") return undefined;
  try {
    const { text } = await systemdAnalyze("--version");
    const version = Number(/^systemd (\d+)/.exec(text)?.[1]);
    return version >= SYSTEMD_VERSION_MIN
      ? undefined
      : `needs systemd ${SYSTEMD_VERSION_MIN} or newer, and here is ${version}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "needs systemd-analyze, which is not installed";
    throw error;
  }
}

async function systemdAnalyze(
  ...args: string[]
): Promise<{ readonly status: number; readonly text: string }> {
  const { code, stdout, stderr } = await new Deno.Command("systemd-analyze", { args }).output();
  const decoder = new TextDecoder();
  return { status: code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Lets systemd read a unit, as if the executable were installed. */
async function judge(unit: string, ...how: string[]): Promise<Verdict> {
  const folder = await Deno.makeTempDir({ prefix: "chat-server-test-unit-" });
  try {
    const file = `${folder}/chat-server.service`;
    await Deno.writeTextFile(file, unit.replaceAll(EXECUTABLE, Deno.execPath()));
    const { status, text } = await systemdAnalyze(...how, file);
    return { status, complaints: text.split("\n").filter((line) => line.includes("chat-server.service:")) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function verify(unit: string): Promise<Verdict> {
  return await judge(unit, "verify", "--man=no", "--recursive-errors=no");
}

async function isHardened(unit: string): Promise<boolean> {
  return (await judge(unit, "security", "--offline=true", `--threshold=${EXPOSURE_MAX}`)).status === 0;
}

/** The value of a setting that the unit has once. */
function settingOf(unit: string, name: string): string {
  const values = unit.split("\n").filter((line) => line.startsWith(`${name}=`));
  assertEquals(values.length, 1, `${name} must be set once`);
  return (values[0] ?? "").slice(name.length + 1);
}

unitTest("chat-server.service is a unit without a fault", async (unit) => {
  assertEquals(await verify(unit), { status: 0, complaints: [] });
});

unitTest("systemd finds what is wrong with a unit", async (unit) => {
  const mistakes: readonly (readonly [string, string, RegExp])[] = [
    ["RestartSec=2", "RestratSec=2", /Unknown key/],
    ["TimeoutStopSec=10", "TimeoutStopSec=soon", /time value/],
    ["SystemCallFilter=@system-service", "SystemCallFilter=@system-servise", /system-servise/],
    [EXECUTABLE, "/usr/local/bin/chat-sever", /not executable/],
  ];
  for (const [good, bad, complaint] of mistakes) {
    assert(unit.includes(good), `the unit has no ${good} to be made wrong`);
    const { status, complaints } = await verify(unit.replace(good, bad));
    assertGreater(status, 0, `${bad} was not found`);
    assertMatch(complaints.join("\n"), complaint);
  }
  console.log(`${mistakes.length} planted mistakes found`);
});

unitTest("chat-server.service gives the node little beyond its data folder", async (unit) => {
  assert(await isHardened(unit), `its exposure is over ${EXPOSURE_MAX / 10}; see systemd-analyze security`);
  const open = unit.replace(/^(CapabilityBoundingSet|SystemCallFilter|ProtectSystem)=.*\n/gm, "");
  assert(!await isHardened(open), "a unit without its walls must be found too open");
});

processTest("chat-server.service starts the program as the program expects", async () => {
  const unit = await Deno.readTextFile(UNIT);
  const [executable, ...words] = settingOf(unit, "ExecStart").split(" ");
  assertEquals(executable, EXECUTABLE);
  assertEquals(words.pop(), "$FLAGS", "what is in the file flags comes last");
  const command = parseCommandLine(words);
  assertEquals(command.name, "run");
  assertEquals("data" in command && command.data, `/var/lib/${settingOf(unit, "StateDirectory")}`);
  assertGreater(Number(settingOf(unit, "LimitNOFILE")), DEFAULT_LIMITS.connections);
});

processTest(
  "chat-server.service restarts, reloads and stops the program as the program expects",
  async () => {
    const unit = await Deno.readTextFile(UNIT);
    assertEquals(settingOf(unit, "Restart"), "on-failure");
    assertEquals(settingOf(unit, "RestartPreventExitStatus"), String(USAGE_STATUS));
    assertEquals(settingOf(unit, "ExecReload"), "/bin/kill -HUP $MAINPID");
    assertEquals(settingOf(unit, "KillSignal"), "SIGTERM");
    assertGreater(Number(settingOf(unit, "TimeoutStopSec")), STOP_SECONDS);
    const overriding = unit.split("\n").filter((line) =>
      OVERRIDING.some((name) => line.startsWith(`${name}=`))
    );
    assertEquals(overriding, [], "nothing may change what these say");
  },
);
