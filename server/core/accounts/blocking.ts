/**
 * Blocks between people: an account accepts no messages of a person whom it blocks, and shows them neither presence nor
 * marks (client protocol, BLOCK and LIST_BLOCKED). A block is of the account, whoever has its name later.
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { type Change, NO_CHANGE } from "../change.ts";
import { answer, type Decision, OK, type Refusal, refusal, unknownUser } from "../decision.ts";
import type { PersonBlocked, PersonUnblocked } from "../events.ts";
import { spentProblem } from "../messages/bounds.ts";
import { pageLimit } from "../messages/pages.ts";
import { type Slices, workOfItems } from "../slices.ts";
import type { State } from "../state.ts";
import type { Account, Block } from "./account.ts";

/**
 * Decisions that are kept about people who are not deleted, for each one that may be blocked: that to accept somebody
 * again has to be known for as long as an earlier one may arrive.
 */
const KEPT_PER_BLOCKED = 10;

/** Blocks a person or accepts them again, unless the known decision is a later one. */
export function foldBlock(
  state: State,
  { type, account: id, person, generation }: PersonBlocked | PersonUnblocked,
): readonly Change[] {
  const account = state.account(id);
  if (account.deleted !== undefined || person === "") return NO_CHANGE;
  const made: Block = { isBlocked: type === "personBlocked", generation };
  const known = account.decisions?.get(person);
  if (known !== undefined && compareBlocks(made, known) <= 0) return NO_CHANGE;
  account.decisions ??= new Map();
  account.decisions.set(person, made);
  const other = state.accounts.get(person);
  if (other === undefined || made.isBlocked === (known?.isBlocked ?? false)) return NO_CHANGE;
  return [{ type: "blockChanged", account, person: other }];
}

/** Above 0 if `a` holds and not `b`. */
function compareBlocks(a: Block, b: Block): number {
  return a.generation - b.generation || Number(a.isBlocked) - Number(b.isBlocked);
}

/** The wish of a person about another one. */
interface BlockCommand extends RequestPayload<"blockPerson"> {
  readonly account: Account;
  /** The wall clock of the node, ms since the Unix epoch. */
  readonly wallMs: number;
}

/** Blocks a person, or accepts them again; nothing happens if they are blocked, or accepted, already. */
export function decideBlock(state: State, command: BlockCommand, limits: Limits): Decision | Refusal {
  const { account, user, blocked, wallMs } = command;
  const person = state.directory.find(user);
  if (person === undefined) return unknownUser(user);
  if (person === account) return refusal("not-allowed", "nobody can block their own account");
  if (account.blocks(person) === blocked) return { events: [], reply: OK };
  const problem = (blocked ? roomProblem(state, account, person, limits) : undefined) ??
    spentProblem(account, wallMs, limits);
  if (problem) return problem;
  const generation = (account.decisions?.get(person.id)?.generation ?? 0) + 1;
  const type = blocked ? "personBlocked" : "personUnblocked";
  return {
    events: [{ type, account: account.id, person: person.id, generation }],
    reply: OK,
    restsOn: [account, person].flatMap(({ created }) => created ?? []),
  };
}

function roomProblem(
  state: State,
  account: Account,
  person: Account,
  { blockedPeople }: Limits,
): Refusal | undefined {
  const living = [...account.decisions ?? []].filter(([id]) => !isGone(state, id));
  const blocked = living.filter(([, { isBlocked }]) => isBlocked).length;
  if (blocked >= blockedPeople) {
    return refusal(
      "not-allowed",
      `you block ${blocked} people and the limit is ${blockedPeople}; unblock somebody first`,
    );
  }
  const keptMax = KEPT_PER_BLOCKED * blockedPeople;
  if (living.length < keptMax || account.decisions?.has(person.id)) return undefined;
  return refusal(
    "not-allowed",
    `you have blocked ${living.length} different people so far and the limit is ${keptMax}; only those can be ` +
      "blocked again",
  );
}

function isGone({ accounts }: State, id: string): boolean {
  return accounts.get(id)?.deleted !== undefined;
}

/** Bytes of a name on a page beyond its text, and of a page beyond its names: tags, lengths and keys. */
const NAME_BYTES = 5;
const PAGE_BYTES = 64;

/** A page of the people whom an account blocks, sorted by their names in lower case. */
export function* decideListBlocked(
  state: State,
  account: Account,
  page: RequestPayload<"listBlocked">,
  limits: Limits,
): Slices<Decision | Refusal> {
  const limit = pageLimit(page.limit, limits.usersPage, limits.usersPageMax);
  if (typeof limit === "object") return limit;
  const decisions = [...account.decisions ?? []];
  yield workOfItems(decisions);
  const after = page.after?.toLowerCase() ?? "";
  const names = decisions.flatMap(([id, { isBlocked }]) => {
    const person = isBlocked ? state.accounts.get(id) : undefined;
    return person?.alive && person.name.toLowerCase() > after ? [person.name] : [];
  });
  const sorted = names.sort((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1);
  const shown = sorted.slice(0, fitting(sorted.slice(0, limit), limits.frameBytes));
  return answer({ name: "blocked", payload: { names: shown, more: shown.length < sorted.length } });
}

/** Number of names that fit into one frame; at least one. Displayed names are ASCII. */
function fitting(names: readonly string[], bytesMax: number): number {
  let bytes = PAGE_BYTES;
  for (const [i, { length }] of names.entries()) {
    bytes += NAME_BYTES + length;
    if (i > 0 && bytes > bytesMax) return i;
  }
  return names.length;
}
