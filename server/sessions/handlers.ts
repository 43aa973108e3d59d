/**
 * The table of requests at the server: one row each, with all that is true of it and its handler.
 *
 * @module
 */

import { WATCH } from "../../common/protocol/feature_sets.ts";
import {
  type Feature,
  FEATURES,
  featureSet,
  includesFeatures,
  isFirstRelease,
} from "../../common/protocol/features.ts";
import { PROTOCOL_VERSION } from "../../common/protocol/requests.ts";
import type { RequestPayload } from "../../common/protocol/requests.ts";
import { assert } from "../../common/errors.ts";
import type { Account } from "../core/accounts/account.ts";
import { isUnheardOf, unheardOf } from "../core/accounts/meant.ts";
import { decideListUsers, listAllUsers } from "../core/accounts/users.ts";
import { isRefusal, OK, type Refusal, refusal } from "../core/decision.ts";
import { RANDOM_BYTES, uuidOf } from "../core/identity.ts";
import { mayChangeSoon } from "../core/messages/bounds.ts";
import { decideListChats } from "../core/messages/chats.ts";
import { decideDelivered, decideRead } from "../core/messages/marks.ts";
import { lookUp } from "../core/messages/inquiry.ts";
import type { Message } from "../core/messages/message.ts";
import { decideListMessages, listConversation } from "../core/messages/pages.ts";
import { decideSend } from "../core/messages/send.ts";
import { decideSearch } from "../core/search/search.ts";
import { workOfItems } from "../core/slices.ts";
import { changePassword, deleteAccount } from "./account_requests.ts";
import { blockPerson, listBlocked } from "./block_requests.ts";
import { NO_ARCHIVE } from "./archive_questions.ts";
import { whenCaughtUp } from "./caught_up.ts";
import { clusterStatus } from "./cluster_status.ts";
import { deletionOf } from "./held_deletions.ts";
import { finishLogin, logout, resume, startLogin } from "./login.ts";
import { ping } from "./original_ping.ts";
import type { PeerStatus } from "../ports/node.ts";
import type { RequestTable } from "./request_row.ts";
import type { Session } from "./session.ts";
import type { SessionPorts } from "./session_ports.ts";
import { watchPeople } from "./watching.ts";
import { welcomeLimits } from "./welcome.ts";

/** Rows by request. */
export const HANDLERS: RequestTable<Session> = {
  hello: { access: "anyone", whileFilling: true, durableOn: "own disk", handle: hello },
  startLogin: { access: "anyone", whileFilling: false, durableOn: "own disk", handle: startLogin },
  finishLogin: { access: "anyone", whileFilling: false, durableOn: "copies", handle: finishLogin },
  resume: { access: "anyone", whileFilling: false, durableOn: "own disk", handle: resume },
  logout: { access: "account", whileFilling: false, durableOn: "copies", handle: logout },
  changePassword: { access: "account", whileFilling: false, durableOn: "copies", handle: changePassword },
  deleteAccount: { access: "account", whileFilling: false, durableOn: "copies", handle: deleteAccount },
  ping: { access: "anyone", whileFilling: true, durableOn: "own disk", handle: ping },
  sendMessage: {
    access: "account",
    whileFilling: false,
    rate: "messages",
    durableOn: "copies",
    handle: sendMessage,
  },
  readMessages: {
    access: "account",
    whileFilling: false,
    durableOn: "own disk",
    work: ({ ids }) => workOfItems(ids),
    handle: readMessages,
  },
  confirmDelivery: {
    access: "account",
    whileFilling: false,
    durableOn: "own disk",
    work: ({ ids }) => workOfItems(ids),
    handle: confirmDelivery,
  },
  deleteMessages: {
    access: "account",
    whileFilling: false,
    durableOn: "copies",
    work: ({ ids }) => workOfItems(ids),
    handle: deleteMessages,
  },
  listMessages: { access: "account", whileFilling: false, durableOn: "own disk", handle: listMessages },
  listUsers: { access: "account", whileFilling: false, durableOn: "own disk", handle: listUsers },
  listChats: { access: "account", whileFilling: false, durableOn: "own disk", handle: listChats },
  nodeStatus: { access: "account", whileFilling: false, durableOn: "own disk", handle: nodeStatus },
  useFeatures: {
    access: "anyone",
    whileFilling: true,
    durableOn: "own disk",
    work: ({ use }) => workOfItems(use),
    handle: useFeatures,
  },
  search: { access: "account", whileFilling: false, durableOn: "own disk", handle: search },
  watchPeople: {
    access: "account",
    whileFilling: false,
    durableOn: "own disk",
    work: (wanted) => workOfItems(wanted?.names),
    handle: watchPeople,
  },
  blockPerson: { access: "account", whileFilling: false, durableOn: "copies", handle: blockPerson },
  listBlocked: { access: "account", whileFilling: false, durableOn: "own disk", handle: listBlocked },
};

/** The account of a session that a request with `access: "account"` came from. */
function accountOf(session: Session): Account {
  assert(session.account !== undefined, "a request for accounts came from a session that is not logged in");
  return session.account;
}

function hello(session: Session, { version, client }: RequestPayload<"hello">): void {
  if (session.framesBefore > 0) {
    return session.refuse(
      "hello",
      refusal("bad-request", "HELLO is the first frame of a connection or none"),
    );
  }
  if (version !== PROTOCOL_VERSION) {
    const message = `version ${version} is not understood; this server speaks version ${PROTOCOL_VERSION}`;
    session.refuse("hello", refusal("version-unknown", message));
    return session.end();
  }
  const { name, cluster, version: server, nodes, limits } = session.node.settings;
  session.dialect = "confirmed";
  session.outlet.isFirstRelease = isFirstRelease(client);
  const welcome = { version, server, node: name, cluster, nodes, limits: welcomeLimits(limits) };
  session.answer("hello", {
    name: "welcome",
    payload: session.outlet.isFirstRelease ? welcome : { ...welcome, features: featuresOf(session.ports) },
  });
}

/** The features of this node. */
function featuresOf({ archive }: SessionPorts): readonly Feature[] {
  return archive === undefined ? FEATURES.filter((feature) => feature !== "search") : FEATURES;
}

/** FEATURES: the features of the session from now on, in place of those before. */
function useFeatures({ outlet, node }: Session, { use }: RequestPayload<"useFeatures">): void {
  outlet.features = featureSet(use);
  outlet.reply(OK());
  node.news.follow(outlet);
  if (!includesFeatures(outlet.features, WATCH)) node.people.leave(outlet);
}

function sendMessage(session: Session, payload: RequestPayload<"sendMessage">): void {
  const { state, settings, ports } = session.node;
  const { to, content, id, account } = payload;
  const { isBehind } = ports.replication;
  const sendLater = (): void => whenCaughtUp(session, "sendMessage", () => sendMessage(session, payload));
  if (account !== undefined && isUnheardOf(state, account)) {
    if (isBehind) return sendLater();
    if (!knowsAll(ports.replication.status())) return session.refuse("sendMessage", unheardOf());
  }
  const command = {
    wallMs: ports.clock.wallMs(),
    fingerprinter: session.ports.fingerprinter,
    sender: accountOf(session),
    to,
    content,
    id: id ?? uuidOf(session.ports.random.bytes(RANDOM_BYTES.uuid)),
    account,
  };
  const refuse = (problem: Refusal): void => session.refuse("sendMessage", problem);
  withEvicted(session, id === undefined ? [] : [id], refuse, (elsewhere) => {
    const outcome = decideSend(state, command, settings.limits, settings.clusterSize, elsewhere);
    // What is in transit may be this very message, its recipient's reads, or the end of a block.
    if (isBehind && isRefusal(outcome) && mayChangeSoon(outcome)) return sendLater();
    session.carryOut("sendMessage", outcome);
  });
}

/**
 * Goes on at once, unless messages with these ids may have left memory: then once the archive has been asked.
 *
 * @param refuse called if it cannot answer
 */
function withEvicted(
  session: Session,
  ids: readonly string[],
  refuse: (problem: Refusal) => void,
  then: (elsewhere: readonly Message[]) => void,
): void {
  const { state } = session.node;
  if (!ids.some((id) => state.evicted.mayHave(id))) return then([]);
  session.lists.begin(accountOf(session), lookUp(state, accountOf(session), ids), (elsewhere) => {
    if ("code" in elsewhere) refuse(elsewhere);
    else then(elsewhere);
  });
}

/** True if no peer has anything that is not here: each of them keeps up, so this node is connected with all. */
function knowsAll(peers: readonly PeerStatus[]): boolean {
  return peers.every(({ state }) => state === "in sync" || state === "slow");
}

function readMessages(session: Session, payload: RequestPayload<"readMessages">): void {
  const { state, settings } = session.node;
  const outcome = decideRead(state, accountOf(session), payload.with, payload.ids, settings.limits);
  session.carryOut("readMessages", outcome);
}

function confirmDelivery(session: Session, { ids }: RequestPayload<"confirmDelivery">): void {
  const { state, settings } = session.node;
  session.carryOut("confirmDelivery", decideDelivered(state, accountOf(session), ids, settings.limits));
}

function deleteMessages(session: Session, { ids }: RequestPayload<"deleteMessages">): void {
  const { node, ports, dialect, heldDeletions } = session;
  const carryOut = (elsewhere: readonly Message[]): void => {
    session.carryOut("deleteMessages", deletionOf(node, ports, accountOf(session), ids, elsewhere));
  };
  const refuse = (problem: Refusal): void => {
    if (dialect === "confirmed") return session.refuse("deleteMessages", problem);
    // There is no reply that says it: what is in memory goes, and the rest when the archive answers.
    carryOut([]);
    heldDeletions.add(accountOf(session), ids);
  };
  withEvicted(session, ids, refuse, carryOut);
}

function listMessages(session: Session, page: RequestPayload<"listMessages">): void {
  const { state, settings } = session.node;
  const account = accountOf(session);
  if (session.dialect === "original") {
    return session.lists.beginWhole(
      account,
      listConversation(state, account, page.with ?? "", settings.limits),
      (blocks) => session.outlet.replyInBlocks(blocks),
    );
  }
  session.lists.begin(
    account,
    decideListMessages(state, account, page, settings.limits, session.outlet.features),
    (outcome) => session.carryOut("listMessages", outcome),
  );
}

function listUsers(session: Session, page: RequestPayload<"listUsers">): void {
  const { node } = session;
  const { state, settings } = node;
  const account = accountOf(session);
  if (session.dialect === "original") {
    const frame = listAllUsers(state, account, settings.limits);
    return session.lists.beginWhole(account, frame, (blocks) => session.outlet.replyInBlocks(blocks));
  }
  const isOnline = (other: Account): boolean => node.isOnline(other);
  session.lists.begin(
    account,
    decideListUsers(state, account, page, isOnline, settings.limits, session.outlet.features),
    (outcome) => session.carryOut("listUsers", outcome),
  );
}

function listChats(session: Session, page: RequestPayload<"listChats">): void {
  const { state, settings } = session.node;
  const account = accountOf(session);
  session.lists.begin(
    account,
    decideListChats(state, account, page, settings.limits, session.outlet.features),
    (outcome) => session.carryOut("listChats", outcome),
  );
}

function search(session: Session, request: RequestPayload<"search">): void {
  if (session.ports.archive === undefined) return session.refuse("search", NO_ARCHIVE);
  const { state, settings: { limits } } = session.node;
  const account = accountOf(session);
  session.lists.begin(
    account,
    decideSearch(state, account, request, limits, session.outlet.features),
    (outcome) => session.carryOut("search", outcome),
  );
}

function nodeStatus(session: Session): void {
  const { settings: { name, clusterSize }, ports } = session.node;
  const payload = clusterStatus(name, clusterSize, ports.replication.status());
  session.answer("nodeStatus", { name: "clusterStatus", payload });
}
