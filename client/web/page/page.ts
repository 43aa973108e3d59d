/**
 * The state of the page beside the model of the core.
 *
 * @module
 */

import type { ClusterStatus } from "../../../common/protocol/cluster_status.ts";
import type { Chat } from "../../core/chats.ts";
import type { Failure } from "../../core/failures.ts";
import type { Message } from "../../core/message.ts";
import type { Model } from "../../core/model.ts";
import type { TriedPlace } from "../../core/node_list.ts";
import type { Notice } from "../../core/notices.ts";
import type { Formats } from "../texts/formats.ts";
import type { MenuOf } from "./actions.ts";
import { type ChangeForm, type DeletionForm, type LoginForm, newLoginForm } from "./forms.ts";
import type { Opened } from "./opened.ts";
import type { Route } from "./route.ts";
import type { Settings } from "./settings.ts";

/** A dialog in front of everything else. */
type Dialog =
  | { readonly kind: "deleteMessage"; readonly id: string }
  | { readonly kind: "details"; readonly id: string }
  | { readonly kind: "changePassword"; readonly form: ChangeForm }
  | { readonly kind: "deleteAccount"; readonly form: DeletionForm }
  /** So many messages would be lost. */
  | { readonly kind: "logOut"; readonly unsent: number }
  | { readonly kind: "keys" };

/** Something that is told for a while. */
export interface Told {
  /** Its number, never given twice. */
  readonly number: number;
  readonly of:
    | { readonly kind: "notice"; readonly notice: Notice }
    | { readonly kind: "failure"; readonly failure: Failure }
    | { readonly kind: "storeFailed"; readonly reason: string }
    | { readonly kind: "copied"; readonly isCopied: boolean };
  /** True for one that something did not work: it stays until it is dismissed. */
  readonly isAlert: boolean;
  readonly atSeconds: number;
}

/** A line for people who hear the page: a new message, or the count of many. */
export interface Heard {
  readonly number: number;
  readonly of:
    | { readonly kind: "message"; readonly id: string; readonly sender: string; readonly text: string }
    | { readonly kind: "elsewhere"; readonly id: string; readonly sender: string }
    | { readonly kind: "many"; readonly count: number };
  readonly atSeconds: number;
}

/** A search. */
interface Search {
  readonly typed: string;
  /** Name of the chat that is searched; all chats without it. */
  readonly with: string | undefined;
  /** Words of the search whose messages are shown, and its chat; undefined before the first. */
  readonly asked: { readonly words: string; readonly with: string | undefined } | undefined;
  readonly isBusy: boolean;
  /** Ids of the messages found, newest first. */
  readonly found: readonly string[];
  readonly hasMore: boolean;
  readonly failure: Failure | undefined;
}

/** The connection, as the page shows it. */
interface Connection {
  /** Time since when there is no node, seconds; undefined while there is one. */
  readonly lostAt: number | undefined;
  /** Places that were tried in vain since then. */
  readonly tried: readonly TriedPlace[];
  /** Names of nodes that this page may not connect to until it is loaded again. */
  readonly added: readonly string[];
}

/** New messages that come one soon after the other: they are one notification. */
interface Burst {
  /** Id of the first. */
  readonly tag: string;
  /** Those of them that came while nobody looked. */
  readonly count: number;
  /** The chat of the newest, as its address from `#` on. */
  readonly hash: string;
  /** Time of the newest, seconds. */
  readonly newestAt: number;
  /** Time of the last notification, seconds; undefined before the first. */
  readonly notifiedAt: number | undefined;
  /** True if the notification does not tell of all of `count`. */
  readonly isBehind: boolean;
}

/** The state of the page. Only `act`, `hear` and `settle` change it. */
export interface Page {
  readonly model: Model;
  readonly formats: Formats;
  settings: Settings;
  /** Seconds since the Unix epoch. */
  nowSeconds: number;
  /** True while the window has the focus and is visible. */
  isLooking: boolean;
  /** True on a device whose keyboard is on the screen. */
  readonly isTouch: boolean;
  /** True while lists and chat have no room beside each other. */
  isNarrow: boolean;
  route: Route;
  /** The screen whose address was opened while nobody was logged in: the next login leads to it. */
  wanted: Route | undefined;
  /** The list beside the chat. */
  list: "chats" | "people" | "search";
  /** The open chat; it stays beside the lists. */
  opened: Opened | undefined;
  /** The chat of this name does not exist. */
  nobody: string | undefined;
  /** A message that is to be shown once it is there; `isAsked` once the way to it was asked for. */
  target: { readonly id: string; readonly isAsked: boolean } | undefined;
  login: LoginForm;
  /** True if the login outlives the browser. */
  stays: boolean;
  dialog: Dialog | undefined;
  menu: { readonly of: MenuOf; readonly item: number } | undefined;
  told: readonly Told[];
  heard: readonly Heard[];
  /** Number of the last of `told`, `heard` and `opened`. */
  lastNumber: number;
  /** Messages of others that were shown in the present step. */
  shown: Message[];
  /** `Model.taken` at the end of the step before. */
  taken: number;
  /** Messages of other tabs of this account that wait to be sent. */
  waitingElsewhere: number;
  /** `Model.forgotten` when the parts of the page that belong to an account were begun. */
  forgotten: number;
  burst: Burst | undefined;
  find: string;
  chatsShown: number;
  peopleFilter: string;
  peopleShown: number;
  /** Name of the person that the page of people comes after; undefined for the first page. */
  peopleAfter: string | undefined;
  search: Search;
  connection: Connection;
  /** State of the nodes, as NODE_STATUS has told it. */
  status: ClusterStatus | undefined;
  /** Nodes that NODE_STATUS has told so far. */
  peers: ClusterStatus["peers"];
  /** Texts that are too long for a draft of the core, by chat. */
  longTexts: Map<Chat, string>;
  /** The browser permits notifications. */
  isPermitted: boolean;
  /** The browser has refused them when the person wanted them. */
  wasForbidden: boolean;
  hasNewVersion: boolean;
}

/** Rows of the lists before the person asks for more, and how many more then. */
export const ROWS_SHOWN = 100;

/** Everything that the shell knows when the page begins. */
interface Beginning {
  readonly model: Model;
  readonly formats: Formats;
  readonly settings: Settings;
  readonly nowSeconds: number;
  readonly isTouch: boolean;
  /** True if there is a login from before that outlives the browser. */
  readonly stays: boolean;
  readonly isPermitted: boolean;
}

/** A page that was just opened. */
export function newPage(beginning: Beginning): Page {
  return {
    ...beginning,
    ...accountParts(),
    isLooking: true,
    isNarrow: false,
    route: { kind: "chats" },
    wanted: undefined,
    list: "chats",
    login: newLoginForm(""),
    lastNumber: 0,
    taken: 0,
    waitingElsewhere: 0,
    forgotten: 0,
    connection: { lostAt: beginning.nowSeconds, tried: [], added: [] },
    wasForbidden: false,
    hasNewVersion: false,
  };
}

/** The parts that are seen or heard beside a login form, too. */
type SpeakingParts = Pick<Page, "dialog" | "menu" | "told" | "heard" | "shown" | "burst">;

/** The parts that belong to one account: the next one must find nothing of the last. */
type AccountParts =
  & SpeakingParts
  & Pick<Page, "opened" | "nobody" | "target" | "find" | "chatsShown" | "peopleFilter" | "peopleShown">
  & Pick<Page, "peopleAfter" | "search" | "status" | "peers" | "longTexts">;

function speakingParts(): SpeakingParts {
  return {
    dialog: undefined,
    menu: undefined,
    told: [],
    heard: [],
    shown: [],
    burst: undefined,
  };
}

function accountParts(): AccountParts {
  return {
    ...speakingParts(),
    opened: undefined,
    nobody: undefined,
    target: undefined,
    find: "",
    chatsShown: ROWS_SHOWN,
    peopleFilter: "",
    peopleShown: ROWS_SHOWN,
    peopleAfter: undefined,
    search: NO_SEARCH,
    status: undefined,
    peers: [],
    longTexts: new Map(),
  };
}

/** The login is over: nothing of the account is seen or heard, but the same person finds the rest again. */
export function quieten(page: Page): void {
  Object.assign(page, speakingParts());
}

/** Nothing of an account stays, and the page is at its beginning. */
export function forgetAccount(page: Page): void {
  Object.assign(page, accountParts());
  page.route = { kind: "chats" };
  page.list = "chats";
}

/** A search before its first word. */
export const NO_SEARCH: Search = {
  typed: "",
  with: undefined,
  asked: undefined,
  isBusy: false,
  found: [],
  hasMore: false,
  failure: undefined,
};

/** True if somebody is logged in, or is again as soon as there is a node. */
export function isEntered({ model }: Page): boolean {
  return model.account?.token !== undefined;
}
