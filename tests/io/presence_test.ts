import { assert, assertEquals } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { eventually } from "../testing/eventually.ts";

/** Changes of login on one connection: each takes one account online and the other offline. */
const FLIPS = 2_000;
const PARTNERS = 20;
/** The interval of the server, ms, and the changes of an account that it tells at once. */
const PRESENCE_MS = 4_000;
const PRESENCE_AT_ONCE = 2;

processTest(
  "two accounts that flap are told to their partners twice in 4 s, and at last as they are",
  async () => {
    await using server = await ServerProcess.start({ configuration: QUICK });
    const flapper = await TestClient.connect(server.port);
    const names = ["ann", "bea"] as const;
    const tokens: string[] = [];
    for (const name of names) {
      await flapper.expect("startLogin", { name }, "userNotExisting");
      const { token } = await flapper.expect("finishLogin", { password: "a long password" }, "loginSuccess");
      tokens.push(token);
    }
    const partners = await Promise.all(
      Array.from({ length: PARTNERS }, (_, i) => TestClient.login(server.port, `partner${i}`)),
    );
    for (const partner of partners) {
      for (const to of names) await partner.expect("sendMessage", { to, content: "hey" }, "sent");
    }
    const beganMs = performance.now();
    for (let flip = 0; flip < FLIPS; flip++) {
      await flapper.expect("resume", { token: tokens[flip % 2] ?? "" }, "loginSuccess");
    }
    const intervals = Math.ceil((performance.now() - beganMs) / PRESENCE_MS);
    const changesOf = (partner: TestClient, name: string): string[] =>
      partner.pushes.items.flatMap((push) =>
        push.name === "user" && push.payload.name === name ? [push.payload.change] : []
      );
    await eventually(
      "everybody knows the last state",
      () =>
        partners.every((partner) =>
          changesOf(partner, "ann").at(-1) === "offline" && changesOf(partner, "bea").at(-1) === "online"
        ),
    );
    let pushes = 0;
    for (const partner of partners) {
      for (const name of names) {
        const changes = changesOf(partner, name).length;
        assert(
          changes <= PRESENCE_AT_ONCE + intervals + 1,
          `${changes} changes of ${name} in ${intervals} intervals`,
        );
        pushes += changes;
      }
    }
    const flapping = `${2 * FLIPS} changes in ${intervals} intervals of ${PRESENCE_MS} ms`;
    console.log(`${flapping} were ${pushes} pushes to ${PARTNERS} partners`);
    // A change after a quiet time leaves at once.
    await flapper.expect("ping", null, "pong");
    await new Promise((resolve) => setTimeout(resolve, PRESENCE_MS));
    for (const partner of partners) {
      partner.pushes.items.length = 0;
    }
    await flapper[Symbol.asyncDispose]();
    assertEquals(await partners[0]?.push(), { name: "user", payload: { name: "bea", change: "offline" } });
    for (const partner of partners) await partner[Symbol.asyncDispose]();
  },
);
