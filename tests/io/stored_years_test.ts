import { assert, assertEquals, assertGreater } from "@std/assert";
import { PASSWORD } from "../../bench/client.ts";
import { historySize } from "../../bench/storage.ts";
import { ROLES, StoredHistory, wordOf } from "../../bench/stored_history.ts";
import { writeStoredLog } from "../../bench/stored_log.ts";
import { readAdminFile } from "../../server/admin/admin_file.ts";
import { askNode } from "../../server/admin/ask_node.ts";
import type { NodeStatus } from "../../server/admin/node_status.ts";
import type { MessageSent } from "../../server/core/events.ts";
import { eventually } from "../testing/eventually.ts";
import { allFound } from "../testing/found_messages.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { SeededNumbers } from "../testing/seeded_numbers.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

/** `deno task bench --only=storage` has ten million. */
const SIZE = historySize(scale(100_000, 1_000_000));
const PAGES = 100;
const PAGE = 50;
const WORDS = [0, 40, 700, 1_900].map(wordOf);
/** Share of the messages that may stay in memory: those that are not read, and the last one of each side. */
const RESIDENT_SHARE_MAX = 0.05;
/** Time limit of a status, ms. */
const ANSWER_MS = 60_000;
/** Time for an archive to be built, ms. */
const ARCHIVE_MS = scale(300_000, 600_000);

/** What is to be found in the history. */
class Expected {
  /** Account ids by name, and names by account id. */
  readonly accounts = new Map<string, string>();
  readonly names = new Map<string, string>();
  readonly sent: MessageSent[] = [];
  readonly #deleted = new Set<string>();
  readonly #hidden = new Set<string>();
  entries = 0;

  constructor() {
    for (const event of new StoredHistory(SIZE).events()) {
      this.entries++;
      if (event.type === "accountCreated") {
        this.accounts.set(event.name, event.account);
        this.names.set(event.account, event.name);
      } else if (event.type === "messageSent") this.sent.push(event);
      else if (event.type === "messagesDeleted") event.ids.forEach((id) => this.#deleted.add(id));
      else if (event.type === "messagesHidden") event.ids.forEach((id) => this.#hidden.add(id));
    }
  }

  /** The messages that somebody sees, oldest first. */
  of(name: string, other?: string): MessageSent[] {
    const [own, theirs] = [this.accounts.get(name), other && this.accounts.get(other)];
    return this.sent.filter(({ id, from, to }) =>
      (from === own || to === own) && (theirs === undefined || from === theirs || to === theirs) &&
      !this.#deleted.has(id) && !(to === own && this.#hidden.has(id))
    );
  }
}

const expected = new Expected();

async function login(port: number, name: string): Promise<TestClient> {
  return await TestClient.login(port, name, PASSWORD);
}

async function statusOf({ data, child }: ServerProcess): Promise<NodeStatus> {
  const address = await readAdminFile(data);
  assert(address?.pid === child.pid, "it has no address for its administrator");
  const answer = await askNode(data, address, ANSWER_MS);
  assert("status" in answer, JSON.stringify(answer));
  return answer.status;
}

/** Compares pages before messages anywhere in the longest conversation; returns the number of messages. */
async function comparePages(port: number): Promise<number> {
  const [own, other] = ROLES.long;
  const ids = expected.of(own, other).map(({ id }) => id);
  const random = new SeededNumbers(1);
  await using client = await login(port, own);
  for (let page = 0; page < PAGES; page++) {
    const at = page === 0 ? ids.length - 1 : random.below(ids.length);
    const request = { with: other, limit: PAGE, before: ids[at] ?? "" };
    const { messages, more } = await client.expect("listMessages", request, "messages");
    assertEquals(messages.map(({ id }) => id), ids.slice(Math.max(0, at - PAGE), at), `before message ${at}`);
    assertEquals(more, at > PAGE);
  }
  return PAGES * PAGE;
}

/** Compares the list of chats of the account with the most; returns their number. */
async function compareChats(port: number): Promise<number> {
  const own = expected.accounts.get(ROLES.social);
  const partners = new Set(expected.of(ROLES.social).map(({ from, to }) => from === own ? to : from));
  await using client = await login(port, ROLES.social);
  const { chats } = await client.expect("listChats", { limit: 500 }, "chats");
  assertEquals(
    chats.map((chat) => chat.with).sort(),
    [...partners].map((account) => expected.names.get(account) ?? "?").sort(),
  );
  return chats.length;
}

/** Compares everything that is found by some words; returns the number of messages. */
async function compareSearches(port: number): Promise<number> {
  const own = expected.of(ROLES.searcher).toReversed();
  await using client = await login(port, ROLES.searcher);
  let count = 0;
  for (const words of [...WORDS, `${WORDS[0]} ${WORDS[1]}`, WORDS[2]?.slice(0, 4) ?? ""]) {
    const found = await allFound(client, { words, limit: 100 });
    const terms = words.split(" ");
    const ids = own.filter(({ content }) =>
      terms.every((term) => content.split(" ").some((word) => word.startsWith(term)))
    ).map(({ id }) => id);
    assertEquals(found.map(({ id }) => id), ids, words);
    count += ids.length;
  }
  return count;
}

async function compareAll(server: ServerProcess): Promise<string> {
  const { port } = server;
  await eventually("the archive has the whole log", async () => {
    return (await statusOf(server)).archive?.lag === 0;
  }, ARCHIVE_MS);
  await eventually("read messages have left memory", async () => {
    return ((await statusOf(server)).residentMessages ?? 0) < SIZE.messages * RESIDENT_SHARE_MAX;
  });
  const { accounts, entries, messages, residentMessages = 0, archive } = await statusOf(server);
  assertEquals(accounts, SIZE.accounts);
  assert(entries >= SIZE.messages, `${entries} entries`);
  assert(messages > SIZE.messages / 2 && messages <= SIZE.messages, `${messages} messages`);
  assert(residentMessages > 0 && residentMessages <= SIZE.messages, `${residentMessages} in memory`);
  assert(entries >= expected.entries && archive?.position === entries, `${entries} entries`);
  const compared = [await comparePages(port), await compareChats(port), await compareSearches(port)];
  assert(compared.every((count) => count >= 100), compared.join());
  return `${residentMessages} of ${messages} messages in memory; compared: ${
    compared[0]
  } messages on pages, ` +
    `${compared[1]} chats, ${compared[2]} messages found`;
}

processTest(
  "a node with years of messages shows and finds all of them, after a kill and a deletion too",
  async () => {
    const data = await Deno.makeTempDir({ prefix: "chat-stored-years-" });
    const { entries } = await writeStoredLog(data, SIZE);
    assertEquals(entries, expected.entries);
    {
      await using server = await ServerProcess.start({ data });
      console.log(await compareAll(server));
      await server.kill();
    }
    await using server = await ServerProcess.start({ data });
    console.log(`after a kill: ${await compareAll(server)}`);
    const leaving = expected.of(ROLES.leaver);
    const own = expected.accounts.get(ROLES.leaver);
    const partner = leaving.map(({ from, to }) => (from === own ? to : from))[0] ?? "";
    const name = expected.names.get(partner) ?? "";
    const without = expected.of(name).filter(({ from, to }) => from !== own && to !== own);
    {
      await using leaver = await login(server.port, ROLES.leaver);
      await leaver.expect("deleteAccount", { password: PASSWORD }, "ok");
    }
    await using client = await login(server.port, name);
    const [word = ""] = WORDS;
    const found = await allFound(client, { words: word, limit: 100 });
    const ids = without.filter(({ content }) => content.split(" ").includes(word)).map(({ id }) => id);
    assertEquals(found.map(({ id }) => id), ids.toReversed());
    console.log(`${leaving.length} messages deleted with their account; ${found.length} others found`);
    assertGreater(found.length, 10);
    assertEquals((await server.stop()).code, 0);
    await Deno.remove(data, { recursive: true });
  },
);
