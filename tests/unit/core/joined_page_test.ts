import { assertEquals, assertGreater } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { type Decision, isRefusal, type Refusal } from "../../../server/core/decision.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { isAsking } from "../../../server/core/messages/archived.ts";
import { detachedMessage } from "../../../server/core/messages/detached_message.ts";
import { type Message, PROGRESS } from "../../../server/core/messages/message.ts";
import { decideListMessages } from "../../../server/core/messages/pages.ts";
import { State } from "../../../server/core/state.ts";
import { answerOf } from "../../testing/memory_archive.ts";
import { MessageHistory } from "../../testing/message_histories.ts";
import { listResident } from "../../testing/resident_lists.ts";
import { scale } from "../../testing/scale.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { wholeOf } from "../../testing/whole_of.ts";

const HISTORIES = scale(5_000, 50_000);
const ENTRIES_MAX = 120;
const REQUESTS = 6;

/** A node whose settled messages leave memory, and its archive, which lags. */
class LeanNode {
  readonly state = new State();
  /** The fold of the archive. */
  readonly archive = new State();
  readonly seen = { evicted: 0, restored: 0, asked: 0, again: 0 };
  readonly #entries: Entry[] = [];
  #archived = 0;

  fold(entry: Entry): void {
    if (entry.type === "messageSent") this.#restore(entry);
    evolve(this.state, entry);
    this.#entries.push(entry);
  }

  /** Lets the archive fold the next entries, at most so many. */
  follow(count: number): void {
    for (; count > 0 && this.#archived < this.#entries.length; count--) {
      const entry = this.#entries[this.#archived++];
      if (entry !== undefined) evolve(this.archive, entry);
    }
  }

  /** Evicts what the archive knows as settled, but for the last messages of a conversation. */
  evict(numbers: SeededNumbers): void {
    for (const message of [...this.state.messages.all()]) {
      const { sender, recipient, id, deleted } = message;
      const conversation = sender.conversations.get(recipient.id);
      if (deleted || conversation === undefined || numbers.below(3) === 0 || !this.#isSettled(message)) {
        continue;
      }
      const lasts = [sender, recipient].map((side) => conversation.last(side));
      if (lasts.some((last) => !last.isKnown || last.message === message)) continue;
      conversation.evict(message);
      this.state.messages.remove(message);
      assertEquals(this.state.messages.find(sender, recipient, id), undefined);
      this.seen.evicted++;
    }
  }

  /** The archive must have every mark of it, and of a message that came twice the earlier one. */
  #isSettled({ sender, recipient, id, time, origin, progress, hidden }: Message): boolean {
    const [from, to] = [this.archive.accounts.get(sender.id), this.archive.accounts.get(recipient.id)];
    const message = from && to && this.archive.messages.find(from, to, id);
    if (message?.time !== time || message.origin !== origin) return false;
    if (message.progress !== progress || message.hidden !== hidden || message.deleted) return false;
    return progress === PROGRESS.read || hidden;
  }

  /** A message that comes again is brought back before: the earlier of the two counts. */
  #restore({ id, from, to }: Entry & { readonly type: "messageSent" }): void {
    const { messages } = answerOf(this.archive, { type: "ids", account: from, ids: [id] });
    const row = messages.find(({ sender, recipient }) => sender === from && recipient === to);
    const message = row && detachedMessage(this.state, row);
    if (message === undefined) return;
    this.state.messages.add(message);
    const conversation = message.sender.conversations.get(to);
    if (message.deleted) conversation?.deleted.push(message);
    else conversation?.insert(message);
    this.seen.restored++;
  }

  list(account: string, page: RequestPayload<"listMessages">): Decision | Refusal {
    let outcome = wholeOf(decideListMessages(this.state, this.state.account(account), page, DEFAULT_LIMITS));
    this.seen.asked += Number(isAsking(outcome));
    for (let pages = 0; isAsking(outcome);) {
      pages += Number(outcome.asks.type === "page");
      this.seen.again += Number(pages === 2);
      outcome = outcome.answered(answerOf(this.archive, outcome.asks));
    }
    return outcome;
  }
}

/** A request for messages beside one that is or was there. */
function request(state: State, numbers: SeededNumbers, accounts: readonly string[]): {
  readonly account: string;
  readonly page: RequestPayload<"listMessages">;
} {
  const [account, other] = [numbers.pick(accounts), numbers.pick(accounts)];
  const between = [...state.messages.all()].filter(({ sender, recipient }) =>
    sender.id === account && recipient.id === other || sender.id === other && recipient.id === account
  );
  const mark = between.length === 0 || numbers.below(4) === 0 ? undefined : numbers.pick(between);
  // Of twins, the lists take the one that has arrived first.
  const isTwin = mark !== undefined && between.some((each) => each !== mark && each.id === mark.id);
  const id = mark === undefined || isTwin ? undefined : numbers.below(10) === 0 ? "m999" : mark.id;
  const limit = 1 + numbers.below(6);
  const side = numbers.pick(["before", "after"]);
  return { account, page: { with: state.account(other).name, limit, ...id !== undefined && { [side]: id } } };
}

function replyOf(outcome: Decision | Refusal): unknown {
  return isRefusal(outcome) ? outcome : outcome.reply([]);
}

Deno.test(`LIST_MESSAGES of ${HISTORIES} histories is the same whatever has left memory, and however late the archive is`, () => {
  const numbers = new SeededNumbers(31);
  const seen = { lists: 0, messages: 0, more: 0, refused: 0 };
  const total = { evicted: 0, restored: 0, asked: 0, again: 0 };
  for (let i = 1; i <= HISTORIES; i++) {
    const history = new MessageHistory(numbers, "", numbers.below(ENTRIES_MAX));
    const full = new State();
    const node = new LeanNode();
    const pace = 1 + numbers.below(12);
    for (const entry of history.entries) {
      evolve(full, entry);
      node.fold(entry);
      if (numbers.below(6) === 0) node.follow(numbers.below(4 * pace));
      if (numbers.below(5) === 0) node.evict(numbers);
      if (numbers.below(ENTRIES_MAX) >= REQUESTS) continue;
      const { account, page } = request(full, numbers, history.accounts);
      if (full.account(account).deleted) continue;
      const expected = wholeOf(listResident(full, full.account(account), page, DEFAULT_LIMITS));
      const outcome = node.list(account, page);
      assertEquals(replyOf(outcome), replyOf(expected), `history ${i}: ${account} ${JSON.stringify(page)}`);
      seen.lists++;
      const reply = isRefusal(expected) ? undefined : expected.reply([]);
      if (reply?.name !== "messages") seen.refused++;
      else {
        seen.messages += reply.payload.messages.length;
        seen.more += Number(reply.payload.more);
      }
    }
    for (const what of Object.keys(total) as (keyof typeof total)[]) total[what] += node.seen[what];
  }
  console.log(`${HISTORIES} histories: ${JSON.stringify({ ...seen, ...total })}`);
  const { again, ...often } = { ...seen, ...total };
  for (const [what, count] of Object.entries(often)) assertGreater(count, HISTORIES / 50, what);
  assertGreater(again, 0);
});
