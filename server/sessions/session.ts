/**
 * A session: requests of one connection in, replies out in the order of the requests.
 *
 * @module
 */

import type { ProtocolError } from "../../common/errors.ts";
import { type Dialect, requestName } from "../../common/protocol/codec.ts";
import type { OriginalReply } from "../../common/protocol/original_replies.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { RequestName } from "../../common/protocol/requests.ts";
import type { Frame } from "../../common/wire/frame.ts";
import type { Account, Token } from "../core/accounts/account.ts";
import { type Decision, isRefusal, type Refusal, refusal } from "../core/decision.ts";
import { workOfRefused } from "../core/slices.ts";
import type { Subscriber } from "../node/audience.ts";
import type { Node } from "../node/node.ts";
import type { ClientLink, ClientSession } from "../ports/clients.ts";
import { Admittance } from "./admittance.ts";
import { askArchive } from "./archive_questions.ts";
import type { HeldDeletions } from "./held_deletions.ts";
import type { LoginThrottle } from "./login_throttle.ts";
import { ListWork } from "./list_work.ts";
import { originalRefusal, turnDown } from "./original_refusal.ts";
import { readRequest } from "./read_request.ts";
import { requestProblem, unknownRequest } from "./request_problem.ts";
import type { RequestRow, RequestTable } from "./request_row.ts";
import { RequestWatch } from "./request_watch.ts";
import { restOf } from "./rest_of.ts";
import { roomProblem } from "./room.ts";
import type { SessionContext } from "./session_context.ts";
import { SessionRates } from "./session_rates.ts";
import { SessionOutput } from "./session_output.ts";
import type { SessionPorts } from "./session_ports.ts";

/** One connection's session; logged in or not. */
export class Session implements ClientSession, Subscriber {
  readonly node: Node;
  readonly ports: SessionPorts;
  readonly throttle: LoginThrottle;
  readonly heldDeletions: HeldDeletions;
  readonly outlet: SessionOutput;
  readonly admittance: Admittance;
  readonly lists: ListWork;
  readonly watch: RequestWatch;
  dialect: Dialect = "original";
  /** A name that LOGIN_1 has asked about, and the answer. */
  pendingLogin: { readonly name: string; readonly existing: boolean } | undefined;
  account: Account | undefined;
  token: Token | undefined;
  /** Number of frames before the present one. */
  framesBefore = -1;
  /** True if no request but PING came that anyone may make. */
  onlyPinged = false;
  deadlineMs: number;
  /** True once the connection has ended or is about to. */
  ended = false;
  readonly #requests: RequestTable<Session>;
  readonly #link: ClientLink;
  /** Calls of `beginWait` without their `endWait`: no frame may come meanwhile. */
  #waits = 0;
  #paused = false;
  /** Set once no further frame will come. The farewell follows the last answer. */
  #ending: { readonly farewell: string | undefined } | undefined;
  readonly #rates: SessionRates;

  constructor(context: SessionContext<Session>, link: ClientLink) {
    const { node, ports, throttle, heldDeletions, originalMessages, requests, census } = context;
    this.node = node;
    this.ports = ports;
    this.throttle = throttle;
    this.heldDeletions = heldDeletions;
    this.#requests = requests;
    this.#link = link;
    this.lists = new ListWork(link.share, context, node.ports.clock, askArchive.bind(undefined, this));
    const nowMs = node.ports.clock.monotonicMs();
    this.admittance = new Admittance(link);
    this.outlet = new SessionOutput(node, link, () => this.#resume());
    this.deadlineMs = nowMs + node.settings.limits.firstFrameMs;
    this.#rates = new SessionRates(node.settings.limits, originalMessages, nowMs);
    this.watch = new RequestWatch(this, { census, clock: node.ports.clock, logger: ports.logger });
  }

  get address(): string {
    return this.#link.address;
  }

  get takesPushes(): boolean {
    return this.dialect === "confirmed";
  }

  get loggedIn(): boolean {
    return this.account !== undefined;
  }

  get loggingIn(): boolean {
    return !this.loggedIn && (this.pendingLogin !== undefined || this.#waits > 0);
  }

  get payloadBytesMax(): number {
    const { frameBytes, frameBytesBeforeLogin } = this.node.settings.limits;
    return this.loggedIn ? frameBytes : frameBytesBeforeLogin;
  }

  received(frame: Frame): number {
    if (this.ended) return Infinity;
    this.framesBefore++;
    const nowMs = this.node.ports.clock.monotonicMs();
    this.#moveDeadline(nowMs);
    const name = requestName(frame.type, this.dialect);
    this.watch.begin(name, nowMs);
    const unpaid = this.admittance.problem(name);
    if (unpaid) this.dismiss(unpaid);
    else if (name === undefined) this.#badFrame(undefined, unknownRequest(frame.type));
    else this.#take(name, frame.payload);
    const rate = name === undefined ? undefined : this.#requests[name].rate;
    const original = this.dialect === "original" ? this.account : undefined;
    const rateMs = this.#rates.take(frame.payload.length, this.loggedIn ? rate : "stranger", nowMs, original);
    return this.#pause(Math.max(rateMs, this.lists.goOn()));
  }

  get isUnfinished(): boolean {
    return this.lists.isUnfinished;
  }

  goOn(): number {
    this.#moveDeadline(this.node.ports.clock.monotonicMs());
    const waitMs = this.lists.goOn();
    if (this.#ending) this.finished();
    return this.#pause(waitMs);
  }

  #moveDeadline(nowMs: number): void {
    const { limits } = this.node.settings;
    if (!this.loggedIn) {
      if (this.framesBefore === 0) this.deadlineMs = nowMs + limits.loginMs;
    } else this.deadlineMs = this.dialect === "confirmed" ? nowMs + limits.idleMs : Infinity;
  }

  #take(name: RequestName, payload: Uint8Array): void {
    const { share } = this.#link;
    const request = readRequest(name, payload, this.dialect, this.node.settings.limits);
    if ("problem" in request) {
      share.take(workOfRefused(payload.length));
      return request.isBadFrame ? this.#badFrame(name, request.problem) : this.refuse(name, request.problem);
    }
    const row = this.#requests[name] as RequestRow<Session>;
    share.take(row.work?.(request.payload) ?? 0);
    if (row.access === "anyone") {
      this.onlyPinged = name === "ping" && (this.onlyPinged || this.framesBefore === 0);
    }
    const problem = requestProblem(name, row, this);
    if (problem) turnDown(this, name, problem);
    else row.handle(this, request.payload);
  }

  /** Refuses a frame that cannot be understood; after too many of them the connection ends. */
  #badFrame(name: RequestName | undefined, problem: Refusal): void {
    const last = this.#rates.badFrame(problem, this.node.ports.clock.monotonicMs());
    if (last) this.dismiss(last);
    else this.refuse(name, problem);
  }

  /** The pause in ms, or an endless one if something else has to happen first. */
  #pause(ms: number): number {
    this.#settle();
    this.#paused = this.#waits > 0 || this.ended || this.outlet.isFull;
    return this.#paused ? Infinity : ms;
  }

  /** Counts the request, unless it waits for something. */
  #settle(): void {
    if (this.#waits === 0 && !this.lists.isUnfinished) this.watch.decided();
  }

  /** Lets no frame come until as many calls of `endWait`. */
  beginWait(): void {
    this.#waits++;
  }

  /** Lets frames come again. */
  endWait(): void {
    this.#waits--;
    this.#settle();
    if (this.#ending) this.finished();
    this.#resume();
  }

  #resume(): void {
    if (!this.#paused || this.#waits > 0 || this.ended || this.outlet.isFull) return;
    this.#paused = false;
    this.#link.resume();
  }

  /**
   * Applies a decision and replies, or refuses: without room on the disk everything that would write, without room
   * in memory everything that grows.
   *
   * @returns true if the decision was applied
   */
  carryOut(name: RequestName, outcome: Decision | Refusal): boolean {
    const decided = isRefusal(outcome) ? outcome : roomProblem(this.node.ports, outcome.events) ?? outcome;
    if (isRefusal(decided)) {
      this.refuse(name, decided);
      return false;
    }
    const changes = this.node.apply(decided.events, this);
    if (this.dialect === "confirmed") this.answer(name, decided.reply(changes), decided);
    return true;
  }

  /**
   * Replies in the confirmed dialect; if the request's row says so, once enough disks have all that was logged.
   *
   * @param decision the decision that the reply is of
   */
  answer(name: RequestName, reply: ConfirmedReply, decision?: Decision): void {
    if (!this.#waitsForCopies(name)) return this.outlet.reply(reply);
    this.outlet.replyCopied(reply, decision && restOf(decision, this.node));
  }

  #waitsForCopies(name: RequestName): boolean {
    return this.#requests[name].durableOn === "copies" && this.node.settings.clusterSize > 1;
  }

  /** Replies in the original dialect; with the name of a request, as `answer` does, else at once. */
  answerOriginal(reply: OriginalReply, name?: RequestName): void {
    if (name !== undefined && this.#waitsForCopies(name)) this.outlet.replyOriginalCopied(reply);
    else this.outlet.replyOriginal(reply);
  }

  /** Answers that a request cannot be served; in the original dialect, only if it has a reply at all. */
  refuse(name: RequestName | undefined, problem: Refusal): void {
    this.watch.refused(problem.code);
    if (this.dialect === "confirmed" || name === "hello") return this.outlet.refuse(problem);
    const reply = originalRefusal(name, problem);
    if (reply !== undefined) this.outlet.replyOriginal(reply);
  }

  /** Logs the session in. */
  enter(account: Account, token: Token | undefined): void {
    if (this.account !== account) this.leave();
    this.account = account;
    this.token = token;
    this.#moveDeadline(this.node.ports.clock.monotonicMs());
    this.ports.logger.debug("loggedIn", { user: account.name, address: this.address });
    this.node.enter(account, this);
  }

  /** Logs the session out. */
  leave(): void {
    const { account, node } = this;
    if (account === undefined) return;
    this.account = this.token = undefined;
    this.deadlineMs = node.ports.clock.monotonicMs() + node.settings.limits.loginMs;
    node.leave(account, this);
  }

  end(word?: Refusal): void {
    if (this.ended) return;
    if (word !== undefined && this.dialect === "confirmed") this.outlet.refuse(word);
    this.ended = true;
    this.lists.drop();
    this.leave();
    this.node.news.leave(this.outlet);
    this.node.openTurn().add(this.outlet, "end", 0, 0);
  }

  malformed(error: ProtocolError): void {
    this.dismiss(refusal("bad-request", error.message));
  }

  dismiss(reason: Refusal): void {
    this.#link.because(reason.code === "rate-limited" ? "turned away" : "rule broken");
    this.refuse(undefined, reason);
    this.end();
  }

  finished(farewell?: string): void {
    if (farewell !== undefined) this.#link.because("node stops");
    this.#ending ??= { farewell };
    if (this.#waits > 0 || this.lists.isUnfinished || this.ended) return;
    if (this.#ending.farewell !== undefined) this.node.sendAway(this.#ending.farewell, [this]);
    this.end();
  }

  disconnected(): void {
    this.watch.ended();
    this.ended = true;
    this.lists.drop();
    this.outlet.end();
    this.node.news.leave(this.outlet);
    this.leave();
  }
}
