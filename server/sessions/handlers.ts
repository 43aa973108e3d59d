/**
 * The table of handlers: what is done about each request.
 *
 * @module
 */

import { PROTOCOL_VERSION } from "../../common/protocol/requests.ts";
import type { Request, RequestName, RequestPayload } from "../../common/protocol/requests.ts";
import { assert } from "../../common/errors.ts";
import type { Account } from "../core/accounts/account.ts";
import { decideListUsers, listAllUsers } from "../core/accounts/users.ts";
import { refuse } from "../core/decision.ts";
import { RANDOM_BYTES, uuidOf } from "../core/identity.ts";
import { decideListChats } from "../core/messages/chats.ts";
import { decideDelete, decideDelivered, decideRead } from "../core/messages/marks.ts";
import { decideListMessages, listConversation } from "../core/messages/pages.ts";
import { decideSend } from "../core/messages/send.ts";
import { changePassword, deleteAccount } from "./account_requests.ts";
import { clusterStatus } from "./cluster_status.ts";
import { finishLogin, logout, resume, startLogin } from "./login.ts";
import type { Session } from "./session.ts";
import { welcomeLimits } from "./welcome.ts";

type Handler<Name extends RequestName> = (session: Session, payload: RequestPayload<Name>) => void;

const HANDLERS: { readonly [Name in RequestName]: Handler<Name> } = {
  hello,
  startLogin,
  finishLogin,
  resume,
  logout,
  changePassword,
  deleteAccount,
  ping: (session) => {
    if (session.dialect === "confirmed") session.reply({ name: "pong", payload: null });
  },
  sendMessage: (session, { to, content, id }) => {
    const { state, settings, ports } = session.node;
    const command = {
      sender: accountOf(session),
      to,
      content,
      id: id ?? uuidOf(ports.random.bytes(RANDOM_BYTES.uuid)),
    };
    session.carryOut("sendMessage", decideSend(state, command, settings.limits, settings.clusterSize));
  },
  readMessages: (session, payload) => {
    const { state, settings } = session.node;
    const outcome = decideRead(state, accountOf(session), payload.with, payload.ids, settings.limits);
    session.carryOut("readMessages", outcome);
  },
  confirmDelivery: (session, { ids }) => {
    const { state, settings } = session.node;
    session.carryOut("confirmDelivery", decideDelivered(state, accountOf(session), ids, settings.limits));
  },
  deleteMessages: (session, { ids }) => {
    const { state, settings } = session.node;
    session.carryOut("deleteMessages", decideDelete(state, accountOf(session), ids, settings.limits));
  },
  listMessages: (session, page) => {
    const { state, settings } = session.node;
    const account = accountOf(session);
    if (session.dialect === "original") {
      return session.replyOriginal(listConversation(state, account, page.with ?? "", settings.limits));
    }
    session.carryOut("listMessages", decideListMessages(state, account, page, settings.limits));
  },
  listUsers: (session, page) => {
    const { state, settings } = session.node;
    const account = accountOf(session);
    if (session.dialect === "original") {
      return session.replyOriginal(listAllUsers(state, account, settings.limits));
    }
    const isOnline = (other: Account) => session.node.isOnline(other);
    session.carryOut("listUsers", decideListUsers(state, account, page, isOnline, settings.limits));
  },
  listChats: (session, page) => {
    const { state, settings } = session.node;
    session.carryOut("listChats", decideListChats(state, accountOf(session), page, settings.limits));
  },
  nodeStatus: (session) => {
    const { settings: { name, clusterSize }, ports } = session.node;
    const payload = clusterStatus(name, clusterSize, ports.replication.status());
    session.reply({ name: "clusterStatus", payload });
  },
};

/** Does what a request asks for. */
export function handle(session: Session, request: Request): void {
  const handler = HANDLERS[request.name] as Handler<RequestName>;
  handler(session, request.payload as RequestPayload<RequestName>);
}

/** The account of a session that a request with `access: "account"` came from. */
function accountOf(session: Session): Account {
  assert(session.account !== undefined, "a request for accounts came from a session that is not logged in");
  return session.account;
}

function hello(session: Session, { version }: RequestPayload<"hello">): void {
  if (session.framesBefore > 0) {
    return session.refuse("hello", refuse("bad-request", "HELLO is the first frame of a connection or none"));
  }
  if (version !== PROTOCOL_VERSION) {
    const message = `version ${version} is not understood; this server speaks version ${PROTOCOL_VERSION}`;
    session.refuse("hello", refuse("version-unknown", message));
    return session.end();
  }
  const { name, cluster, version: server, nodes, limits } = session.node.settings;
  session.dialect = "confirmed";
  session.reply({
    name: "welcome",
    payload: { version, server, node: name, cluster, nodes, limits: welcomeLimits(limits) },
  });
}
