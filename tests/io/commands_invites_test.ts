import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { OriginalTestClient, TestClient } from "../testing/test_client.ts";
import { type Ending, runProgram } from "./commands_harness.ts";

const PASSWORD = "a good password";

async function run(server: ServerProcess, line: string): Promise<Ending> {
  return await runProgram(...line.split(" "), `--data=${server.data}`);
}

/** Code of the ERROR that answers a registration, or the name of the reply. */
async function register(server: ServerProcess, name: string, invitation?: string): Promise<string> {
  await using client = await TestClient.connect(server.port);
  await client.ask("startLogin", { name });
  const reply = await client.ask("finishLogin", { password: PASSWORD, ...invitation && { invitation } });
  return reply.name === "error" ? reply.payload.code : reply.name;
}

processTest("invite, invites and invites revoke do to a running node what they say", async () => {
  await using server = await ServerProcess.start({ configuration: { registration: "invite" } });
  assertEquals(
    (await run(server, "invites")).stderr,
    "chat-server: there are no invitations; chat-server invite makes one\n",
  );
  const made = await run(server, "invite --uses 2 --expires 1h");
  assertEquals(made.status, 0);
  assertMatch(
    made.stderr,
    /^invitation [0-9a-f]{12} holds for 2 accounts, until .* UTC; on the disks of 1 of 1 node\n$/,
  );
  const code = made.stdout.trimEnd();
  assertMatch(code, /^([0-9a-f]{8}-){3}[0-9a-f]{8}$/);

  assertEquals(await register(server, "ann"), "invitation-needed");
  assertEquals(await register(server, "ann", "0".repeat(32)), "invitation-invalid");
  assertEquals(await register(server, "ann", code), "loginSuccess");
  await using original = await OriginalTestClient.connect(server.port);
  await original.ask("startLogin", { name: "eve" });
  assertEquals((await original.ask("finishLogin", { password: PASSWORD })).name, "loginFailed");

  const { stdout: listed } = await run(server, "invites");
  const [id = ""] = /^[0-9a-f]{12}/m.exec(listed) ?? [];
  assertMatch(listed, /^id +state +used +of .*\n[0-9a-f]{12} +open +1 +2 /);
  const json = JSON.parse((await run(server, "invites --json")).stdout);
  assertEquals([json.id, json.state, json.used, json.uses], [id, "open", 1, 2]);
  assertEquals(
    (await run(server, `invites revoke ${id}`)).stdout,
    `invitation ${id} is revoked; on the disks of 1 of 1 node\n`,
  );
  assertEquals((await run(server, `invites revoke ${id}`)).stdout, `invitation ${id} was revoked before\n`);
  const unknown = await run(server, "invites revoke 000000000000");
  assertEquals([unknown.status, unknown.stdout], [1, ""]);
  assertStringIncludes(
    unknown.stderr,
    'there is no invitation "000000000000"; chat-server invites lists those',
  );
  assertEquals(await register(server, "bob", code), "invitation-invalid");

  const acts = (await run(server, "log show --admin")).stdout;
  assertMatch(
    acts,
    new RegExp(`node1#\\w+/1 invitationMade +invitation ${id}, by the operator, 2 uses until `),
  );
  assertMatch(acts, new RegExp(`invitationRevoked +invitation ${id}, by the operator`));
  assertMatch(
    (await run(server, "log show --user ann")).stdout,
    new RegExp(`accountCreated +ann, with invitation ${id}`),
  );
  assertEquals(
    JSON.stringify(await run(server, "log show --json")).includes(code.replaceAll("-", "")),
    false,
  );
});

processTest("invite prints the address of the page, and a closed node registers nobody", async () => {
  await using server = await ServerProcess.start({
    configuration: { registration: "closed" },
    node: { web: { port: 1, url: "https://chat.example.org/" } },
    flags: ["--web-port=0"],
  });
  const { stdout, stderr } = await run(server, "invite");
  const [code = "", link] = stdout.trimEnd().split("\n");
  assertEquals(link, `https://chat.example.org/#/invite/${code}`);
  assertStringIncludes(
    stderr,
    'Nobody can register here, with or without it; "registration": "invite" changes',
  );
  assertEquals(await register(server, "ann", code), "not-allowed");
  const added = await run(server, "users add ann --make");
  assertEquals(added.status, 0);
});
