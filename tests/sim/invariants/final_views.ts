/**
 * Invariants 1, 3, 4, 6 and 7 as people see them: every account logs in once more, by name and password, and
 * reads everything.
 *
 * @module
 */

import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { checkOrder } from "./order.ts";
import { FinalReader } from "../final_reader.ts";
import type { KnownAccount, KnownMessage } from "../people.ts";
import { passwordOf } from "../simulated_hasher.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";

/** The messages of all conversations of an account. */
type View = readonly ChatMessage[];

/** Compares the views of all accounts with the promises, at two nodes, and sends a last message. */
export function checkFinalViews(world: World): void {
  checkAllViews(world);
  const [first] = world.machines;
  const account = world.knowledge.accounts.values().find(({ id, existence, deletion }) =>
    existence.binds && deletion.certainty === "no" && !first?.process?.state.accounts.get(id)?.isDisabled
  );
  if (account !== undefined && world.checks.violation === undefined) checkFullCopies(world, account);
}

/** With all nodes up, an acknowledged message is on every disk but those of nodes that are much slower. */
function checkFullCopies(world: World, { id }: KnownAccount): void {
  const { checks, chance, machines, isFast } = world;
  if (!isFast) return;
  const serving = machines.filter(({ isArchive }) => !isArchive);
  const process = chance.pick(serving).process as ServerProcess;
  const account = process.state.accounts.get(id);
  const reader = new FinalReader(world, process);
  reader.logIn(account?.name ?? "", passwordOf(account?.passwordHash ?? ""));
  const copies = reader.copiesOfMessage();
  const slow = process.mesh.status().filter(({ state }) => state === "slow").length;
  const message = (): string =>
    `${process.origin} acknowledges with ${copies} copies, and all nodes but ${slow} slow ones are in sync`;
  checks.check(3, copies <= machines.length && copies + slow >= machines.length, message);
}

function checkAllViews(world: World): void {
  const { checks, knowledge } = world;
  const serving = world.machines.filter(({ isArchive }) => !isArchive);
  const one = world.chance.pick(serving).process as ServerProcess;
  // The states are equal; equal views of them are checked now and then.
  const other = world.chance.is(0.3) ? world.chance.pick(serving).process as ServerProcess : one;
  for (const account of knowledge.accounts.values()) {
    if (account.deletion.certainty !== "no" || !account.existence.binds) continue;
    if (one.state.accounts.get(account.id)?.access?.isDisabled) {
      checkLogin(world, one, account, "disabled");
      continue;
    }
    const view = viewOf(world, one, account);
    if (view === undefined) return;
    checkView(world, account, view);
    checkOrder(world, one, view);
    if (other === one) continue;
    const again = viewOf(world, other, account);
    const isSame = JSON.stringify(again) === JSON.stringify(view);
    checks.check(3, isSame, () => `${account.id} sees something else at ${one.origin} and ${other.origin}`);
  }
}

/** Logs in; `undefined` if the outcome is another than an account id, or the code of a refusal, that is wanted. */
function checkLogin(
  world: World,
  process: ServerProcess,
  { id }: KnownAccount,
  wanted: string,
): FinalReader | undefined {
  const account = process.state.accounts.get(id);
  const name = account?.name ?? "";
  const reader = new FinalReader(world, process);
  const entered = reader.logIn(name, passwordOf(account?.passwordHash ?? ""));
  const invariant = wanted === id ? 7 : 15;
  world.checks.check(
    invariant,
    entered === wanted,
    () => `the login of ${name} to ${id} at ${process.origin} ends with ${entered}, not ${wanted}`,
  );
  return entered === wanted ? reader : undefined;
}

function viewOf(world: World, process: ServerProcess, account: KnownAccount): View | undefined {
  const { id } = account;
  const reader = checkLogin(world, process, account, id);
  if (reader === undefined) return undefined;
  const messages = reader.everything();
  if (world.settings.hasSearches) checkSearch(world, id, reader, messages);
  reader.close();
  return messages;
}

/** A search finds exactly the messages that are there, the newest first. */
function checkSearch({ checks, registry }: World, id: string, reader: FinalReader, view: View): void {
  const found = reader.search("message");
  // The archive was busy.
  if (found === undefined) return;
  const wanted = view.filter(({ content }) => content.startsWith("message"));
  const idsOf = (messages: View): string[] =>
    [...new Set(messages.map((message) => message.id))].filter((each) => !registry.isAmbiguous(each));
  const [seen, sought] = [idsOf(found), idsOf(wanted)];
  const message = (): string => `${id} finds ${seen.length} messages, and sees ${sought.length}`;
  checks.check(1, sought.every((each) => seen.includes(each)), message);
  checks.check(4, seen.every((each) => sought.includes(each)), message);
  const inOrder = found.every((each, i) => i === 0 || (found[i - 1]?.timestamp ?? 0) >= each.timestamp);
  checks.check(6, inOrder, () => `${id} finds messages out of order`);
}

function checkView(world: World, account: KnownAccount, view: View): void {
  const { checks, knowledge, registry } = world;
  const seen = new Map<string, ChatMessage>();
  for (const message of view) {
    const isNew = !seen.has(message.id) || registry.isAmbiguous(message.id);
    checks.check(6, isNew, () => `${account.id} sees ${message.id} twice`);
    seen.set(message.id, message);
  }
  for (const message of knowledge.messages.values()) {
    const isSender = message.sender === account.id;
    if ((!isSender && message.recipient !== account.id) || registry.isAmbiguous(message.id)) continue;
    checkMessage(world, account, message, isSender, seen.get(message.id));
  }
}

function checkMessage(
  { checks, knowledge }: World,
  account: KnownAccount,
  message: KnownMessage,
  isSender: boolean,
  seen: ChatMessage | undefined,
): void {
  const { id, existence, deletion, hiding, sender, recipient, content } = message;
  const isGone = deletion.isDue || (!isSender && hiding.isDue);
  if (isGone) {
    return checks.check(4, seen === undefined, () => `${account.id} sees ${id}, which was deleted`);
  }
  const people = [sender, recipient].map((person) =>
    knowledge.accounts.get(person ?? "")?.deletion.certainty
  );
  const isSure = existence.binds && deletion.certainty === "no" && (isSender || hiding.certainty === "no") &&
    people.every((certainty) => certainty === undefined || certainty === "no");
  if (isSure) checks.check(1, seen?.content === content, () => `${account.id} does not see ${id}`);
}
