import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { buildPage } from "../../packaging/page/build_page.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { SmallDisk, whyNoSmallDisk } from "../testing/small_disk.ts";
import { TestClient } from "../testing/test_client.ts";
import { SAVED_DRAFTS, SAVED_MESSAGES } from "../../client/core/saved.ts";
import { SAVED_TEXT_BYTES } from "../../client/core/saved_parts.ts";
import { EN } from "../../client/web/texts/en.ts";
import { browserTest } from "./chromium.ts";
import { Person } from "./person.ts";
import { scenarios } from "./scenarios.ts";
import { storedText } from "./stored.ts";

/** Messages that a node takes in a second, and those that are sent at once. */
const [PER_SECOND, AT_ONCE] = [5, 30];

/** Size of the disk, bytes. */
const DISK_BYTES = 64 * 1_048_576;

/** Time within which a node answers, ms. */
const ANSWERED_MS = 500;

/** The file that fills the disk. */
const BALLAST = "ballast";

type State = keyof typeof EN.message.states;

const limits = {
  ...QUICK.limits,
  loopbackExempt: false,
  messagesPerSecond: PER_SECOND,
  loginFailuresPerMinute: 2,
  sessionsPerAccount: 2,
};

/** A script that writes so many notes. */
function writing(count: number): string {
  return `for (let i = 1; i <= ${count}; i++) {
    const composer = document.getElementById("composer");
    composer.value = "note " + i + ".";
    composer.dispatchEvent(new Event("input", { bubbles: true }));
    composer.form.requestSubmit();
  }`;
}

/** Writes a note to oneself in a window, and waits for its state. */
async function notes(page: Page, text: string, state: State): Promise<void> {
  await page.locator(".owner .name").waitFor();
  const name = await page.locator(".owner .name").innerText();
  await page.evaluate(`location.hash = "#/chat/${name}"`);
  await page.locator("#composer").fill(text);
  await page.locator("#composer").press("Enter");
  await seesNote(page, text, state);
}

async function seesNote(page: Page, text: string, state: State): Promise<void> {
  const note = page.locator("#history [data-id]", { hasText: text });
  await note.locator(".state", { hasText: EN.message.states[state] }).waitFor();
}

scenarios("limits of a node", { count: 1, configuration: { limits } }, {
  "messages beyond the rate wait, and all of them are sent once, in their order": async (scene) => {
    const alice = await Person.register(scene, "alice", scene.nodes.address(1));
    const bob = await Person.register(scene, "bob", scene.nodes.address(1));
    await bob.chatWith("alice");
    await alice.chatWith("bob");
    const texts = Array.from({ length: AT_ONCE }, (_, i) => `message ${i + 1}.`);
    const startMs = performance.now();
    for (const text of texts) await alice.say(text);
    await bob.hasTexts(texts);
    console.log(`${AT_ONCE} messages over in ${(performance.now() - startMs).toFixed(0)} ms`);
    await alice.sees(`message ${AT_ONCE}.`, "read");
    await alice.hasTexts(texts);
    assertEquals(await alice.page.locator(".is-failed").count(), 0);
  },

  "wrong passwords beyond the limit have to wait, and the button counts down": async (scene) => {
    const address = scene.nodes.address(1);
    await Person.register(scene, "carol", address);
    const { page } = await Person.at(scene, "carol", address);
    await page.fill("#login-name", "carol");
    const button = page.locator("form button[type=submit]");
    // Each wrong password doubles the time.
    let seconds = 0;
    for (let tries = 0; tries < 10 && seconds < 3; tries++) {
      await page.fill("#login-password", "wrong");
      await page.locator("form button[type=submit]:enabled").click();
      await page.locator("#login-password-problem, .card > .problem").filter({ hasText: /./ }).first()
        .waitFor();
      await button.filter({ hasNotText: EN.login.busy }).waitFor();
      seconds = Number(/in (\d+) s/.exec(await button.innerText())?.[1] ?? 0);
    }
    assertGreater(seconds, 2);
    // A second may pass unseen on a busy machine.
    const later = Array.from({ length: seconds - 1 }, (_, i) => i + 1).join("|");
    const counting = page.locator("form button[type=submit]:disabled");
    await counting.filter({ hasText: new RegExp(`in (${later}) s`) }).waitFor();
    console.log(`the button counts down from ${seconds} s`);
  },

  "one tab too many says how to get in, and gets in by itself once another is closed": async (scene) => {
    const address = scene.nodes.address(1);
    const dave = await Person.register(scene, "dave", address);
    const second = await dave.open(address);
    await notes(second, "from the second tab", "read");
    const third = await dave.open(address);
    const refused = third.locator(".banner.alert");
    await refused.waitFor();
    assertMatch(await refused.innerText(), /close a tab.*tries again every few seconds/i);
    await notes(third, "from the third tab", "queued");
    for (const _press of [1, 2, 3]) {
      await refused.getByRole("button", { name: EN.banner.retry }).click();
      // It goes with the press, and comes back with the answer.
      await new Promise((resolve) => setTimeout(resolve, ANSWERED_MS));
      await refused.waitFor();
    }
    await seesNote(third, "from the third tab", "queued");
    await second.close();
    await seesNote(third, "from the third tab", "read");
    await refused.waitFor({ state: "detached" });
    console.log("3 presses on a full node, then in without one");
  },

  "a press on the button right after a tab was closed leads in, also if it comes too early": async (
    scene,
  ) => {
    const address = scene.nodes.address(1);
    const erin = await Person.register(scene, "erin", address);
    const second = await erin.open(address);
    await notes(second, "from the second tab", "read");
    const third = await erin.open(address);
    const refused = third.locator(".banner.alert");
    await refused.waitFor();
    await second.close();
    await refused.getByRole("button", { name: EN.banner.retry }).click();
    await refused.waitFor({ state: "detached" });
    await notes(third, "from the third tab", "read");
  },

  "a message beyond those that the browser keeps is told of": async (scene) => {
    const [node] = scene.nodes.cluster.nodes;
    const frank = await Person.register(scene, "frank", scene.nodes.address(1));
    await frank.chatWith("frank");
    await node?.kill();
    await frank.page.evaluate(writing(SAVED_MESSAGES));
    const told = frank.page.locator(".told.alert", {
      hasText: EN.told.tooMuchToStore(SAVED_MESSAGES, SAVED_DRAFTS, SAVED_TEXT_BYTES),
    });
    await frank.sees(`note ${SAVED_MESSAGES}.`, "queued");
    assertEquals(await told.count(), 0);
    await frank.say("one more");
    await told.waitFor();
    await frank.sees("one more", "queued");
    await eventually(
      "as many are kept as there may be",
      async () => (await storedText(frank.page)).split('"status":"queued"').length - 1 === SAVED_MESSAGES,
    );
    console.log(`${SAVED_MESSAGES} of ${SAVED_MESSAGES + 1} messages kept`);
  },
});

const noDisk = await whyNoSmallDisk();
if (noDisk !== undefined) {
  Deno.test({ name: `the page of a node with a full disk (ignored: ${noDisk})`, ignore: true, fn: () => {} });
} else {
  browserTest(
    "the page of a node with a full disk goes on reading, and sends once there is room",
    async (stage) => {
      await buildPage();
      const port = freePort();
      await using disk = await SmallDisk.mount(DISK_BYTES);
      const address = `http://127.0.0.1:${port}/`;
      await using server = await ServerProcess.start({
        data: `${disk.folder}/data`,
        node: { web: { port } },
        configuration: { reserveBytes: 1_048_576 },
      });
      const alice = await Person.register(stage, "alice", address);
      const bob = await Person.register(stage, "bob", address);
      await bob.chatWith("alice");
      await alice.chatWith("bob");
      await alice.say("before");
      await bob.sees("before");
      await using filler = await TestClient.login(server.port, "filler");
      await disk.fill(BALLAST);
      // Messages fill what is left of the segment's room, until one is refused.
      await eventually("the disk is full", async () => {
        const reply = await filler.ask("sendMessage", { to: "filler", content: "x".repeat(10_000) });
        if (reply.name === "error") assertEquals(reply.payload.code, "read-only");
        return reply.name === "error";
      });
      await alice.say("while it is full");
      await alice.sees("while it is full", "queued");
      await eventually("it is kept", async () => (await storedText(alice.page)).includes("while it is full"));
      await alice.page.reload();
      await alice.sees("before");
      await alice.sees("while it is full", "queued");
      await disk.free(BALLAST);
      await bob.sees("while it is full");
      await alice.sees("while it is full", "read");
      assertEquals(await alice.page.locator(".is-failed").count(), 0);
    },
  );
}
