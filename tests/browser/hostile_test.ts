import { assertEquals, assertGreater } from "@std/assert";
import { hostileTexts } from "../unit/web/view/hostile_texts.ts";
import { TestClient } from "../testing/test_client.ts";
import { passwordOf, Person } from "./person.ts";
import { scenarios } from "./scenarios.ts";

/** Names that a node takes, and that programs stumble over. */
const NAMES = ["constructor", "toString", "x".repeat(32), "0", "a..b--__", "settings"];

/** Parts of an address that name nobody. */
const ADDRESSES = [
  "chat/__proto__",
  "chat/<img src=x onerror=alert(1)>",
  "chat/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
  "chat/%E2%80%AEecila",
  "chat/%",
  `chat/${"%F0%9F%98%80".repeat(500)}`,
  "chat/javascript%3Aalert(1)/x",
  "search/%22%3E%3Cscript%3E",
  "constructor",
  "../../ws",
];

/** The longest text that is sent, characters: others are refused by their length alone. */
const LENGTH_MAX = 10_000;

scenarios("texts and names that want to be more", { count: 1 }, {
  "hostile texts stay text in a browser, and lead nowhere": async (scene) => {
    const address = scene.nodes.address(1);
    const { port } = scene.nodes.cluster.node(1);
    const alice = await Person.register(scene, "alice", address);
    await alice.chatWith("alice");
    const requests: string[] = [];
    alice.page.on("request", (request) => requests.push(request.url()));
    alice.page.on("dialog", (dialog) => requests.push(`dialog ${dialog.message()}`));
    await using self = await TestClient.login(port, "alice", passwordOf("alice"));
    const texts = hostileTexts().filter((text) => text.length <= LENGTH_MAX);
    let stored = 0;
    for (const content of texts) {
      const reply = await self.ask("sendMessage", { to: "alice", content });
      if (reply.name === "sent") stored++;
    }
    await self.expect("sendMessage", { to: "alice", content: "the end" }, "sent");
    await alice.sees("the end");
    const found = await alice.page.evaluate(FOREIGN) as {
      elements: readonly string[];
      links: readonly string[];
    };
    assertEquals(found.elements, []);
    assertEquals(found.links.filter((href) => !/^(https?:\/\/|mailto:)/.test(href)), []);
    assertEquals(requests.filter((url) => !url.startsWith(address)), []);
    assertEquals(alice.page.url(), `${address}#/chat/alice`);
    assertGreater(stored, 200);
    console.log(
      `${stored} of ${texts.length} texts stored and shown, ${found.links.length} links among the last`,
    );
  },

  "hostile names are names: in lists, in a chat, in its address, and after a reload": async (scene) => {
    const address = scene.nodes.address(1);
    const { port } = scene.nodes.cluster.node(1);
    const bob = await Person.register(scene, "bob", address);
    let talked = 0;
    for (const name of NAMES) {
      await using client = await TestClient.login(port, name);
      await client.expect("sendMessage", { to: "bob", content: `I am ${talked}` }, "sent");
      const row = bob.page.locator("li.row", { hasText: `I am ${talked}` });
      await row.locator("a").click();
      await bob.sees(`I am ${talked}`);
      await bob.page.reload();
      await bob.sees(`I am ${talked}`);
      await bob.say(`hello ${talked}`);
      await bob.sees(`hello ${talked}`, "unread");
      talked++;
    }
    assertEquals(talked, NAMES.length);
    for (const hash of ADDRESSES) {
      await bob.page.goto(`${address}#/${hash}`);
      await bob.page.reload();
      await bob.page.locator("nav").waitFor();
      const found = await bob.page.evaluate(FOREIGN) as { elements: readonly string[] };
      assertEquals(found.elements, [], hash);
    }
    await bob.chatWith("constructor");
    await bob.sees("hello 0");
    console.log(`${talked} names and ${ADDRESSES.length} addresses tried`);
  },
});

/** Elements that no view of the page makes, and the links in messages. */
const FOREIGN = `(() => {
  const own = "a bdi button div fieldset form h1 h2 h3 header input label legend li main nav ol p path section small span svg " +
    "circle rect textarea time ul body dl dt dd dialog kbd line polyline use g";
  const known = new Set(own.split(" "));
  const all = [...document.body.querySelectorAll("*")];
  const isTitle = (element) => element.localName === "title" && element.parentElement.localName === "svg";
  const isForeign = (element) => !known.has(element.localName) && !isTitle(element) ||
    element.getAttributeNames().some((name) => name.startsWith("on") || name === "style" && element.id !== "history");
  return {
    elements: all.filter(isForeign).map((element) => element.outerHTML.slice(0, 200)),
    links: [...document.querySelectorAll("#history .text a")].map((link) => link.href),
  };
})()`;
