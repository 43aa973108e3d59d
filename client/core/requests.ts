/**
 * The table of requests as the client's core sends them: one row each.
 *
 * @module
 */

import type { Chat } from "./chats.ts";
import type { HistoryWalk } from "./history_walk.ts";
import type { PeopleRange } from "./people_list.ts";
import type { SearchWalk } from "./search_walk.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Request, RequestName } from "../../common/protocol/requests.ts";

/**
 * The cause of a login: the start of the program, a command for an account that exists or for a new one, or a
 * token that is no longer valid.
 */
export type LoginIntent = "start" | "login" | "register" | "again";

/** The purpose of a request, with the data that is needed once its reply is there. */
export type Purpose =
  | {
    readonly kind: "startLogin";
    readonly name: string;
    readonly intent: LoginIntent;
    readonly password?: string;
  }
  | { readonly kind: "finishLogin" }
  | { readonly kind: "features" }
  | { readonly kind: "resume" }
  | { readonly kind: "send"; readonly id: string }
  | { readonly kind: "undelivered" }
  | { readonly kind: "refresh"; readonly with: string }
  /** Once nobody has that name, the chat `before` is focused again. */
  | { readonly kind: "open"; readonly with: string; readonly before: Chat | undefined }
  | { readonly kind: "history"; readonly walk: HistoryWalk }
  | { readonly kind: "search"; readonly walk: SearchWalk }
  /** `listed` counts the chats of the pages before. */
  | {
    readonly kind: "chats";
    readonly show: "nothing" | "welcome" | "chats" | "unread";
    readonly listed?: number | undefined;
  }
  | {
    readonly kind: "users";
    readonly onlineOnly: boolean;
    readonly found: number;
    readonly match?: string | undefined;
  }
  /** `chat` if it was known when it was asked for; all messages without `ids`. */
  | {
    readonly kind: "read";
    readonly with: string;
    readonly chat: Chat | undefined;
    readonly ids?: readonly string[];
  }
  | { readonly kind: "names" }
  | { readonly kind: "watch" }
  /** The part of the list that is looked at. */
  | { readonly kind: "people"; readonly range: PeopleRange }
  /** Somebody who is looked at by name. */
  | { readonly kind: "presence"; readonly name: string }
  | { readonly kind: "delivered" }
  /** `count` of the messages that these ids may name. */
  | { readonly kind: "delete"; readonly ids: readonly string[]; readonly count: number }
  /** The person has heard of it. */
  | { readonly kind: "deleteAgain" }
  | { readonly kind: "block"; readonly name: string; readonly blocked: boolean }
  /** `names` are those of the pages before. */
  | { readonly kind: "blocked"; readonly names: readonly string[] }
  | { readonly kind: "changePassword" }
  | { readonly kind: "deleteAccount" }
  | { readonly kind: "logout" }
  | { readonly kind: "status" };

/**
 * The patience with a refusal that passes by itself: `endless` repeats the request until it is served, `bounded`
 * a few times unless the refusal is a rate limit, `none` shows the refusal. A script is `bounded` where others are
 * `endless`, and where it is `scripted`; a person sees that refusal, and decides.
 */
type Patience = "endless" | "bounded" | "scripted" | "none";

/** A row of a request that the core sends. */
interface SentRow {
  /** True if it may be sent before the login. */
  readonly beforeLogin: boolean;
  /**
   * The fate of a request without a reply when the connection breaks. `again`: sent on the next connection. Sent
   * twice, the others would answer for another connection or change something twice: the loss of `reported` ones is
   * told, that of `dropped` ones shows in the state of the login.
   */
  readonly afterBreak: "again" | "dropped" | "reported";
  /** The replies that make sense, besides a refusal. */
  readonly replies: readonly ConfirmedReply["name"][];
  /** The patience with each purpose. */
  readonly purposes: Readonly<Partial<Record<Purpose["kind"], Patience>>>;
}

/** A row of a request that the core never sends. */
interface UnsentRow {
  readonly unsent: true;
}

/** THE table. */
const TABLE = {
  // The connection greets before the core hears of it, and sends PING while nothing else is sent.
  hello: { unsent: true },
  ping: { unsent: true },
  useFeatures: { beforeLogin: true, afterBreak: "dropped", replies: ["ok"], purposes: { features: "none" } },
  startLogin: {
    beforeLogin: true,
    afterBreak: "dropped",
    replies: ["userExisting", "userNotExisting"],
    purposes: { startLogin: "bounded" },
  },
  finishLogin: {
    beforeLogin: true,
    afterBreak: "dropped",
    replies: ["loginSuccess", "loginFailed"],
    purposes: { finishLogin: "bounded" },
  },
  resume: {
    beforeLogin: true,
    afterBreak: "dropped",
    replies: ["loginSuccess", "loginFailed"],
    purposes: { resume: "endless" },
  },
  logout: { beforeLogin: false, afterBreak: "dropped", replies: ["ok"], purposes: { logout: "none" } },
  changePassword: {
    beforeLogin: false,
    afterBreak: "reported",
    replies: ["ok"],
    purposes: { changePassword: "none" },
  },
  deleteAccount: {
    beforeLogin: false,
    afterBreak: "reported",
    replies: ["ok"],
    purposes: { deleteAccount: "none" },
  },
  nodeStatus: {
    beforeLogin: false,
    afterBreak: "reported",
    replies: ["clusterStatus"],
    purposes: { status: "none" },
  },
  sendMessage: { beforeLogin: false, afterBreak: "again", replies: ["sent"], purposes: { send: "endless" } },
  confirmDelivery: {
    beforeLogin: false,
    afterBreak: "again",
    replies: ["ok"],
    purposes: { delivered: "endless" },
  },
  readMessages: { beforeLogin: false, afterBreak: "again", replies: ["ok"], purposes: { read: "endless" } },
  deleteMessages: {
    beforeLogin: false,
    afterBreak: "again",
    replies: ["ok"],
    purposes: { delete: "none", deleteAgain: "endless" },
  },
  listMessages: {
    beforeLogin: false,
    afterBreak: "again",
    replies: ["messages"],
    purposes: { undelivered: "endless", refresh: "endless", open: "none", history: "scripted" },
  },
  listChats: { beforeLogin: false, afterBreak: "again", replies: ["chats"], purposes: { chats: "scripted" } },
  listUsers: {
    beforeLogin: false,
    afterBreak: "again",
    replies: ["users"],
    purposes: { users: "none", names: "none", people: "none", presence: "none" },
  },
  search: { beforeLogin: false, afterBreak: "again", replies: ["found"], purposes: { search: "none" } },
  watchPeople: { beforeLogin: false, afterBreak: "dropped", replies: ["ok"], purposes: { watch: "none" } },
  blockPerson: { beforeLogin: false, afterBreak: "again", replies: ["ok"], purposes: { block: "none" } },
  listBlocked: {
    beforeLogin: false,
    afterBreak: "again",
    replies: ["blocked"],
    purposes: { blocked: "none" },
  },
} as const satisfies Readonly<Record<RequestName, SentRow | UnsentRow>>;

type Table = typeof TABLE;
type SentName = {
  [Name in RequestName]: Table[Name] extends SentRow ? Name : never;
}[RequestName];

/** A request together with one of the purposes that its row allows. */
export type Ask = {
  [Name in SentName]: readonly [
    request: Extract<Request, { name: Name }>,
    purpose: Extract<Purpose, { kind: keyof Table[Name]["purposes"] }>,
  ];
}[SentName];

/** A request that the core sends. */
export type SentRequest = Ask[0];

/** The row of a request. */
export function rowOf({ name }: SentRequest): SentRow {
  return TABLE[name];
}

/** True if a reply can be one to that request. */
export function isReplyTo(request: SentRequest, { name }: ConfirmedReply): boolean {
  return name === "error" || rowOf(request).replies.includes(name);
}

/** The patience with a request that was sent for this purpose. */
export function patienceWith(
  request: SentRequest,
  { kind }: Purpose,
  isScript: boolean,
): Exclude<Patience, "scripted"> {
  const patience = rowOf(request).purposes[kind] ?? "none";
  if (patience !== "scripted") return patience;
  return isScript ? "endless" : "none";
}
