/**
 * The desk of the operator: serves requests about accounts, sessions and invitations. It decides by the rules of the core, as the
 * sessions do, and answers once an act is on every disk that a client would wait for.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import { loginEnded } from "../core/accounts/endings.ts";
import {
  byOperator,
  decideDisable,
  decideEnable,
  decideEndLogin,
  decideEndLogins,
  decideOperatorDeletion,
  decideOperatorPassword,
} from "../core/accounts/operator_acts.ts";
import {
  decideRegister,
  isTaken,
  nameProblem,
  nameTaken,
  passwordChoiceProblem,
} from "../core/accounts/register.ts";
import { patternOf } from "../core/accounts/users.ts";
import { isRefusal, type Refusal } from "../core/decision.ts";
import type { Event } from "../core/events.ts";
import { accountId, RANDOM_BYTES } from "../core/identity.ts";
import type { ArchivePage } from "../core/messages/archived.ts";
import type { Slices } from "../core/slices.ts";
import { wallMicroseconds } from "../core/stamp.ts";
import type { Node } from "../node/node.ts";
import type { MessageArchive } from "../ports/archive.ts";
import type { OperatorAnswer, OperatorDesk, OperatorRequest } from "../ports/operator.ts";
import type { Digest, Logger, Random, Timers } from "../ports/outside.ts";
import type { PasswordHasher } from "../ports/passwords.ts";
import { ActWriter } from "./act_writer.ts";
import { InvitationDesk } from "./invitation_desk.ts";
import { sessionsPage, userDetails, usersPage } from "./user_rows.ts";

/** Longest wait for the archive to count the messages of an account, ms: a million take some seconds. */
const COUNT_MS = 5_000;

/** Work on a list before others have their turn, units: a millisecond. */
const SLICE_WORK_MAX = 10_000;

/** The operator's address, as far as bounds of addresses go. */
const OPERATOR_ADDRESS = "127.0.0.1";

/** Ports of the desk beside those of its node. */
interface OperatorPorts {
  readonly random: Random;
  readonly hasher: PasswordHasher;
  readonly digest: Digest;
  readonly logger: Logger;
  readonly timers: Timers;
  /** Counts messages. */
  readonly archive?: MessageArchive;
}

type Done = (answer: OperatorAnswer) => void;

type Act = OperatorRequest["act"];

/** A request about an account that is there. */
type AboutUser = Exclude<Extract<OperatorRequest, { readonly name: string }>, { readonly act: "addUser" }>;

/** The desk of one node. */
export class Operator implements OperatorDesk {
  readonly #node: Node;
  readonly #ports: OperatorPorts;
  readonly #acts: ActWriter;
  readonly #invitations: InvitationDesk;

  constructor(node: Node, ports: OperatorPorts) {
    this.#node = node;
    this.#ports = ports;
    this.#acts = new ActWriter(node, ports);
    this.#invitations = new InvitationDesk(node, this.#acts, ports);
  }

  serve(request: OperatorRequest, done: Done): void {
    switch (request.act) {
      case "listUsers":
        return this.#listUsers(request.match, request.after, done);
      case "listSessions":
        return done(sessionsPage(this.#node, request.after));
      case "endSession":
        return this.#endSession(request.id, done);
      case "addUser":
        return this.#addUser(request.name, request.password, done);
      case "invite":
      case "listInvitations":
      case "revokeInvitation":
        return this.#invitations.serve(request, done);
      default:
        return this.#aboutUser(request, done);
    }
  }

  #aboutUser(request: AboutUser, done: Done): void {
    const account = this.#node.state.directory.find(request.name);
    if (account === undefined) return done({ refused: nobody(request.name) + sessionMeant(request) });
    const at = wallMicroseconds(this.#node.ports.clock.wallMs());
    switch (request.act) {
      case "showUser":
        return this.#showUser(account, done);
      case "disableUser":
        return this.#carryOut(request.act, account, [decideDisable(account, at)], done);
      case "enableUser":
        return this.#carryOut(request.act, account, decideEnable(account, at), done);
      case "deleteUser":
        return this.#carryOut(request.act, account, [decideOperatorDeletion(account)], done);
      case "endLogins":
        return this.#endLogins(account, done);
      case "setPassword":
        return this.#setPassword(account, request.password, done);
    }
  }

  #listUsers(match: string, after: string, done: Done): void {
    const pattern = patternOf(match);
    if (typeof pattern === "object") return done({ refused: pattern.message });
    this.#inSlices(usersPage(this.#node, pattern, after), done);
  }

  #showUser(account: Account, done: Done): void {
    this.#count(account, (size) =>
      done(
        account.alive ? { user: userDetails(this.#node, account, size) } : { refused: nobody(account.name) },
      ));
  }

  /** Counts the messages of an account; `undefined` if the archive cannot, or takes too long. */
  #count(account: Account, then: (size: ArchivePage["size"]) => void): void {
    const { archive, timers } = this.#ports;
    if (archive === undefined) return then(undefined);
    let isWaiting = true;
    const end = (size: ArchivePage["size"]): void => {
      if (!isWaiting) return;
      isWaiting = false;
      callOff();
      then(size);
    };
    const callOff = timers.after(COUNT_MS, () => end(undefined));
    archive.ask({ type: "size", account: account.id }, (outcome) => {
      end("messages" in outcome ? outcome.size : undefined);
    });
  }

  /** Goes through a list a millisecond at a time. */
  #inSlices(slices: Slices<OperatorAnswer>, done: Done): void {
    for (let work = 0; work < SLICE_WORK_MAX;) {
      const { done: isDone, value } = slices.next();
      if (isDone) return done(value);
      work += value;
    }
    this.#ports.timers.after(0, () => this.#inSlices(slices, done));
  }

  #addUser(name: string, password: string, done: Done): void {
    const { state, settings: { limits }, ports: { replication } } = this.#node;
    const taken = (): Refusal | undefined => isTaken(state, name) ? nameTaken(name) : undefined;
    const problem = nameProblem(name) ?? taken() ?? passwordChoiceProblem(password, limits) ??
      this.#acts.problem([{ type: "accountCreated" }]);
    if (problem) return done({ refused: problem.message });
    this.#hash(name, password, done, (hash) => {
      replication.reserve(name.toLowerCase(), (granted) => {
        if (granted) this.#create(name, hash, done);
        else done({ refused: nameTaken(name).message });
      });
    });
  }

  /** Asks the rules again: the state may have changed during the hash and the reservation. */
  #create(name: string, hash: string, done: Done): void {
    const { digest, random } = this.#ports;
    const id = accountId(name, digest, random.bytes(RANDOM_BYTES.account));
    const created = decideRegister(this.#node.state, name, hash, id);
    if (isRefusal(created)) return done({ refused: created.message });
    const events = [byOperator(created)];
    this.#acts.write({ act: "addUser", name, events }, done, () => {
      this.#node.apply(events);
      return 0;
    });
  }

  #setPassword(account: Account, password: string, done: Done): void {
    const problem = passwordChoiceProblem(password, this.#node.settings.limits) ??
      this.#acts.problem([{ type: "passwordChanged" }]);
    if (problem) return done({ refused: problem.message });
    this.#hash(account.name, password, done, (hash) => {
      if (!account.alive) return done({ refused: nobody(account.name) });
      this.#carryOut("setPassword", account, [decideOperatorPassword(account, hash)], done);
    });
  }

  #hash(name: string, password: string, done: Done, then: (hash: string) => void): void {
    const { hashCost: cost } = this.#node.settings;
    const job = { password, cost, account: name.toLowerCase(), address: OPERATOR_ADDRESS, isTrusted: true };
    this.#ports.hasher.hash(job, (outcome) => {
      if (outcome !== "busy") return then(outcome.hash);
      done({ refused: "too many logins are being checked at the moment; try again in 1 s" });
    });
  }

  /** Ends every login of an account: those with a token at all nodes, those without one at this node. */
  #endLogins(account: Account, done: Done): void {
    this.#carryOut("endLogins", account, decideEndLogins(account), done, () => {
      for (const subscriber of [...this.#node.audience.of(account)]) subscriber.end(loginEnded());
    });
  }

  #endSession(id: number, done: Done): void {
    const login = this.#node.audience.login(id);
    if (login === undefined) {
      return done({
        refused: `there is no session ${id} at this node; chat-server sessions lists those that are`,
      });
    }
    const { account, subscriber } = login;
    const { token } = subscriber;
    const events = token === undefined ? [] : [decideEndLogin(token)];
    this.#carryOut("endSession", account, events, done, () => subscriber.end(loginEnded()));
  }

  /** @param and the part of the act that no event causes */
  #carryOut(act: Act, account: Account, events: readonly Event[], done: Done, and?: () => void): void {
    const { audience } = this.#node;
    this.#acts.write({ act, name: account.name, events }, done, () => {
      const before = audience.of(account).length;
      this.#node.apply(events);
      and?.();
      return before - audience.of(account).length;
    });
  }
}

function nobody(name: string): string {
  return `there is no user ${JSON.stringify(name)}; chat-server users lists who there is`;
}

/** The way out of an operator who gives the number of a session for a name. */
function sessionMeant({ act, name }: AboutUser): string {
  return act === "endLogins" && /^\d+$/.test(name) ? `, and sessions end --id ${name} ends a session` : "";
}
