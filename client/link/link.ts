/**
 * A link to the cluster: a connection to any of its nodes, and to another one when that breaks.
 *
 * @module
 */

import type { Push } from "../../common/protocol/pushes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Request } from "../../common/protocol/requests.ts";
import type { NodeAddress } from "../../common/protocol/shapes.ts";
import type { Welcome } from "../core/model.ts";
import { NodeList, type NodePlace, shownPlace, type TriedPlace } from "../core/node_list.ts";
import { NodeConnection } from "./node_connection.ts";
import type { Transport } from "./transport.ts";

/** The callbacks of a link. */
interface LinkListener {
  connected(welcome: Welcome): void;
  disconnected(reason: string): void;
  push(push: Push): void;
  /**
   * No node was found so far.
   *
   * @param tried all that were tried since the last connection, with the last reason of each
   * @param allTried true once these are all that are known
   */
  searching(tried: readonly TriedPlace[], allTried: boolean): void;
  /** A node of another cluster answered at that place, and was left at once. */
  foreign(place: NodePlace, cluster: string): void;
}

/** Age at which a connection counts as stable: the next break begins with short waits, ms. */
const STABLE_MS = 1_000;

/** Silence of a node after which the next one is tried beside it, ms. */
const PATIENCE_MS = 500;

/** Silence after which a node counts as tried, although it may still answer, ms. */
const SILENT_MS = 2_000;

type Opened = Awaited<ReturnType<typeof NodeConnection.open>> & { readonly place: NodePlace };

/** A link to the cluster. */
export class Link {
  readonly #nodes: NodeList;
  readonly #tried = new Map<string, TriedPlace>();
  /** Name of the cluster, once a node has told it; nodes of another one are strangers. */
  #cluster: string | undefined;
  #connection: NodeConnection | undefined;
  /** Place of the node of the last connection. */
  #place: NodePlace | undefined;
  #closed = false;
  /** Ends the attempts of the search under way. */
  #search = new AbortController();
  #endWait: () => void = () => {};

  /** @param cluster name of the cluster, if it is known before */
  constructor(
    places: readonly NodePlace[],
    cluster: string | undefined,
    readonly transport: Transport,
    readonly listener: LinkListener,
  ) {
    this.#nodes = new NodeList(places, (node) => transport.placeOf(node));
    this.#cluster = cluster;
  }

  /** Keeps a connection; resolves after `close`. */
  async run(): Promise<void> {
    while (!this.#closed) {
      const opened = await this.#find();
      if (opened === undefined) return;
      const openedMs = performance.now();
      this.#connection = opened.connection;
      this.#place = opened.place;
      this.#cluster ??= opened.welcome.cluster;
      this.#nodes.learn(opened.welcome.nodes);
      this.#tried.clear();
      this.listener.connected(opened.welcome);
      const reason = await opened.connection.closed;
      this.#connection = undefined;
      if (!this.#closed) this.listener.disconnected(reason);
      // Without a wait, a node that accepts connections and breaks them at once would be tried in a busy loop.
      if (performance.now() - openedMs >= STABLE_MS) this.#nodes.found();
      else await this.#wait(this.#nodes.failed(Math.random()));
    }
  }

  /** Sends a request on the present connection. Rejects if there is none, or if it ends before the reply. */
  request(request: Request): Promise<ConfirmedReply> {
    return this.#connection?.request(request) ?? Promise.reject(new Error("no node is connected"));
  }

  /**
   * Opens a further connection to the node, which hears no push; the caller closes it.
   *
   * @param signal ends the attempt
   * @throws {unknown} if the node does not answer, or is another one by now
   */
  async openAside(signal: AbortSignal): Promise<NodeConnection> {
    const place = this.#place;
    if (place === undefined) throw new Error("no node is connected");
    const opened = await NodeConnection.open(place, this.transport, () => {}, signal);
    this.#refuseStranger({ ...opened, place });
    return opened.connection;
  }

  /** The cluster has these nodes, and no others. */
  learn(nodes: readonly NodeAddress[]): void {
    this.#nodes.learn(nodes);
  }

  /**
   * Something tells that nodes may be there again, or that the present one may be gone: the wait for the next try ends,
   * attempts begin anew, and the present node has to answer.
   */
  hurry(): void {
    this.#nodes.found();
    this.#connection?.probe();
    this.#search.abort(new Error("it is tried anew"));
    this.#search = new AbortController();
    this.#endWait();
  }

  /** Leaves the node, and goes on with another one. */
  moveOn(): void {
    this.#connection?.close("the client goes on with another node");
  }

  /** Leaves the node for the one of that name. */
  moveTo(node: string): void {
    this.#nodes.prefer(node);
    this.moveOn();
  }

  /** Ends the link for good. */
  close(): void {
    this.#closed = true;
    this.#connection?.close("the program ends");
    this.#search.abort(new Error("the program ends"));
    this.#endWait();
  }

  /** Tries one node after the other until one answers; undefined if the link was closed before. */
  async #find(): Promise<Opened | undefined> {
    const attempts = new Map<NodePlace, Promise<void>>();
    const search = { found: undefined as Opened | undefined, waitMs: 0 };
    while (search.found === undefined && !this.#closed) {
      const place = this.#nodes.take([...attempts.keys()]);
      if (place !== undefined) {
        const attempt = this.#open(place, this.#search.signal).then((outcome) => {
          attempts.delete(place);
          if (typeof outcome === "number") search.waitMs = outcome;
          else if (search.found === undefined) search.found = outcome;
          else outcome.connection.close("another node was faster");
        });
        attempts.set(place, attempt);
      }
      await this.#pause(attempts.values(), PATIENCE_MS);
      if (search.found !== undefined) break;
      if (attempts.size === 0) await this.#wait(search.waitMs);
      // A silent node may answer during the wait for the others.
      else if (place !== undefined && !attempts.has(place)) {
        await this.#pause(attempts.values(), search.waitMs);
      }
    }
    // Silent nodes must not keep connections of clients that are elsewhere.
    this.#search.abort(new Error("another node was faster"));
    this.#search = new AbortController();
    if (!this.#closed) return search.found;
    search.found?.connection.close("the program ends");
    await Promise.all(attempts.values());
    return undefined;
  }

  /** Tries one node; returns its connection, or the wait before the next try, ms. */
  async #open(place: NodePlace, signal: AbortSignal): Promise<Opened | number> {
    const silence = setTimeout(() => {
      this.#failed({ place, reason: `no answer for ${SILENT_MS / 1_000} s`, isSilent: true });
    }, SILENT_MS);
    try {
      const onPush = (push: Push): void => this.listener.push(push);
      const opened = { ...await NodeConnection.open(place, this.transport, onPush, signal), place };
      this.#refuseStranger(opened);
      this.transport.reached?.(place, opened.welcome.node);
      if (!this.#closed) return opened;
      opened.connection.close("the program ends");
    } catch (error) {
      // An attempt that is over after another one was faster is of no interest.
      if (signal.aborted) return 0;
      const waitMs = this.#nodes.failed(Math.random());
      this.#failed({ place, reason: this.transport.reasonOf(error) });
      return waitMs;
    } finally {
      clearTimeout(silence);
    }
    return 0;
  }

  #failed(tried: TriedPlace): void {
    this.#tried.set(shownPlace(tried.place), tried);
    const allTried = this.#nodes.places.every((place) => this.#tried.has(shownPlace(place)));
    this.listener.searching([...this.#tried.values()], allTried);
  }

  /**
   * Leaves a node of another cluster: what is meant for somebody here must not reach the namesake there.
   *
   * @throws {Error} if it is one
   */
  #refuseStranger({ place, connection, welcome }: Opened): void {
    const { cluster } = welcome;
    if (this.#cluster === undefined || cluster === this.#cluster) return;
    const reason = `it is a node of the cluster ${JSON.stringify(cluster)}, not of ` +
      JSON.stringify(this.#cluster);
    connection.close(reason);
    this.listener.foreign(place, cluster);
    throw new Error(reason);
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0 && !this.#closed) await this.#pause([], ms);
  }

  /** Resolves when the first of these attempts ends, after that many milliseconds, or when nothing is to be waited for. */
  async #pause(attempts: Iterable<Promise<void>>, ms: number): Promise<void> {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#endWait = resolve;
    try {
      await Promise.race([...attempts, over]);
    } finally {
      clearTimeout(timer);
    }
  }
}
