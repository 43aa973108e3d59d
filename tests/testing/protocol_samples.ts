/**
 * At least one sample of every row of the protocol tables: a new row without one fails `deno check`.
 *
 * @module
 */

import { encodeRequest } from "../../common/protocol/codec.ts";
import type { Push } from "../../common/protocol/pushes.ts";
import type { OriginalReply } from "../../common/protocol/original_replies.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { type Request, type RequestName, REQUESTS } from "../../common/protocol/requests.ts";
import type { ChatMessage } from "../../common/protocol/shapes.ts";

type SamplesOf<Row extends { readonly name: string; readonly payload: unknown }> = {
  readonly [Name in Row["name"]]: readonly Extract<Row, { readonly name: Name }>["payload"][];
};

/** Three message ids. */
export const IDS = [
  "3f2b9a60-0000-4000-8000-000000000001",
  "3f2b9a60-0000-4000-8000-000000000002",
  "3F2B9A60-0000-4000-8000-00000000000A",
] as const;

/** A message with text beyond ASCII and a timestamp that is whole. */
export const MESSAGE: ChatMessage = {
  id: IDS[0],
  timestamp: 1_700_000_000,
  sender: "eric",
  recipient: "bob",
  content: "héllo 👋🏽\0\n",
  status: "delivered",
};

/** The same with the keys of the feature `account-ids`. */
const MESSAGE_OF_ACCOUNTS: ChatMessage = { ...MESSAGE, senderAccount: "e01c", recipientAccount: "b0b" };

/** Payloads of the requests of the confirmed dialect. */
export const REQUEST_SAMPLES: SamplesOf<Request> = {
  startLogin: [{ name: "alice" }, { name: "" }],
  finishLogin: [{ password: "päßwörd!" }, { password: "päßwörd!", invitation: "00ff" }],
  sendMessage: [
    { to: "bob", content: "hey" },
    { to: "bob", content: "hey", id: IDS[0] },
    { to: "bob", content: "hey", id: IDS[0], account: "b0b" },
  ],
  readMessages: [{ with: "eric" }, { with: "eric", ids: IDS }],
  listMessages: [
    { with: "bob" },
    { with: "bob", before: IDS[0], limit: 1 },
    { with: "bob", after: IDS[1], limit: 500 },
    { undelivered: true },
    { undelivered: true, limit: 7 },
  ],
  listUsers: [{}, { match: "a*", after: "ab", limit: 3 }],
  deleteMessages: [{ ids: [] }, { ids: IDS }],
  deleteAccount: [{ password: "päßwörd!" }],
  ping: [null],
  hello: [{ version: 2, client: "a test" }],
  resume: [{ token: "ab".repeat(32) }],
  logout: [null],
  confirmDelivery: [{ ids: IDS }],
  changePassword: [{ old: "the old one", new: "the new one" }],
  listChats: [{}, { limit: 2, before: "bob" }],
  nodeStatus: [null],
  useFeatures: [{ use: [] }, { use: ["account-ids", "cluster-state"] }],
  search: [{ words: "crème brûlée" }, { words: "東京", with: "bob", before: IDS[2], limit: 100 }],
  watchPeople: [
    null,
    { names: [] },
    { people: { limit: 1 } },
    { people: { match: "a*", after: "ab", limit: 500 }, names: ["bob", "Zoë"] },
  ],
  blockPerson: [{ user: "bob", blocked: true }, { user: "bob", blocked: false }],
  listBlocked: [{}, { after: "ab", limit: 3 }],
};

/** Payloads of the requests of the original dialect, in their internal form. */
export const ORIGINAL_REQUEST_SAMPLES: { readonly [Name in RequestName]?: readonly unknown[] } = {
  startLogin: [{ name: "alice" }],
  finishLogin: [{ password: "päßwörd" }],
  sendMessage: [{ to: "bob", content: "hey" }],
  readMessages: [{ with: "eric" }],
  listMessages: [{ with: "bob" }],
  listUsers: [{}],
  deleteMessages: [{ ids: [IDS[0]] }],
  deleteAccount: [{ password: "" }],
  ping: [{ name: "alice" }, { name: "" }],
};

const NODES = [{ name: "node1", host: "127.0.0.1", port: 7_000 }, { name: "node2", host: "::1", port: 1 }];

/** The same, of which one serves a page. */
const WITH_PAGE = NODES.map((node, i) => i === 0 ? { ...node, web: "https://chat.example.org/one/" } : node);

const WELCOME = {
  version: 2,
  server: "1.0.0",
  node: "node1",
  cluster: "cluster",
  nodes: NODES,
  limits: new Map([["contentBytes", 16_384]]),
};

/** Replies of the confirmed dialect. */
export const REPLY_SAMPLES: SamplesOf<ConfirmedReply> = {
  error: [
    { code: "unknown-user", message: "there is no user" },
    { code: "rate-limited", message: "wait", retryAfter: 2 },
  ],
  userExisting: [null],
  userNotExisting: [null],
  loginSuccess: [
    { name: "alice", token: "ff".repeat(32), unread: 3 },
    { name: "alice", token: "", unread: 0, account: "a11ce" },
  ],
  loginFailed: [null],
  messages: [
    { messages: [MESSAGE, { ...MESSAGE, status: "read" }, MESSAGE_OF_ACCOUNTS], more: true },
    { messages: [], more: false },
  ],
  users: [
    { users: [{ name: "bob", unread: 0, online: true }], more: false },
    { users: [{ name: "bob", unread: 0, online: true, account: "b0b" }], more: true },
  ],
  ok: [null, { count: 12 }],
  pong: [null],
  welcome: [
    WELCOME,
    { ...WELCOME, features: ["account-ids", "a-later-one"] },
    { ...WELCOME, nodes: WITH_PAGE },
  ],
  sent: [
    { id: IDS[1], timestamp: 1_700_000_000.25, copies: 1, nodes: 3 },
    { id: IDS[1], timestamp: 1_700_000_000.25, copies: 1, nodes: 3, account: "b0b" },
  ],
  chats: [
    { chats: [{ with: "bob", unread: 2, last: MESSAGE }], more: true },
    { chats: [{ with: "bob", unread: 2, last: MESSAGE_OF_ACCOUNTS, account: "b0b" }], more: false },
  ],
  clusterStatus: [
    { node: "node1", copies: 1, nodes: 1, peers: [] },
    {
      node: "node1",
      copies: 2,
      nodes: 5,
      peers: [
        { name: "node2", state: "in sync", behind: 0 },
        { name: "node3", state: "behind", behind: 1_204 },
        { name: "node4", state: "unreachable", behind: 7 },
        { name: "archive1", state: "refused", behind: 2 ** 40 },
      ],
    },
  ],
  found: [
    { messages: [MESSAGE, MESSAGE_OF_ACCOUNTS], more: true },
    { messages: [], more: false },
  ],
  blocked: [{ names: [], more: false }, { names: ["bob", "dana~node2"], more: true }],
};

/** Replies of the original dialect. */
export const ORIGINAL_REPLY_SAMPLES: SamplesOf<OriginalReply> = {
  error: ["something went wrong"],
  userExisting: [null],
  userNotExisting: [null],
  loginSuccess: [["alice", "bob"], []],
  loginFailed: [null],
  messages: [[MESSAGE], []],
  users: [new Map([["eric", 2], ["bob", 0]])],
};

/** Pushes. */
export const PUSH_SAMPLES: SamplesOf<Push> = {
  message: [MESSAGE, MESSAGE_OF_ACCOUNTS],
  status: [{ ids: IDS, status: "read", by: "bob" }],
  deleted: [{ ids: [IDS[2]], by: "eric" }],
  user: [{ name: "bob", change: "online" }, { name: "bob", change: "renamed", to: "bob~node2" }, {
    name: "bob",
    change: "deleted",
    account: "b0b",
  }],
  closing: [{ reason: "stopped", nodes: NODES }, { reason: "stopped", nodes: WITH_PAGE }],
  nodes: [{ nodes: NODES }, { nodes: WITH_PAGE }, { nodes: [] }],
  person: [
    { name: "bob", account: "b0b", change: "online" },
    { name: "bob", account: "b0b", change: "renamed", to: "bob~node2" },
  ],
  cluster: [{ copies: 3, nodes: 3 }, { copies: 1, nodes: 3, alone: "no other node can be reached" }],
};

/** Every request sample of both dialects as a frame. */
export function requestFrames(): Uint8Array<ArrayBuffer>[] {
  const frames: Uint8Array<ArrayBuffer>[] = [];
  for (const name of Object.keys(REQUESTS) as RequestName[]) {
    for (const payload of REQUEST_SAMPLES[name]) {
      frames.push(encodeRequest({ name, payload } as Request, "confirmed"));
    }
    for (const payload of ORIGINAL_REQUEST_SAMPLES[name] ?? []) {
      frames.push(encodeRequest({ name, payload } as Request, "original"));
    }
  }
  return frames;
}
