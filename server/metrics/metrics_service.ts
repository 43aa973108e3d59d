/**
 * The port for metrics: numbers in the text format of Prometheus, and two pages for supervisors.
 *
 * @module
 */

import { type HttpAnswer, type HttpRequest, lineAnswer } from "../http/http_message.ts";
import { ShortListener } from "../http/short_listener.ts";
import type { Descriptors } from "../ports/descriptors.ts";
import type { Logger } from "../ports/outside.ts";
import type { Figures, HistogramName } from "./metric_table.ts";
import { METRICS_TYPE, MetricsText } from "./metrics_text.ts";
import { pageOf, readyAnswer } from "./pages.ts";

/** Connections at the same time: whoever reaches the port takes no more of the node's spare descriptors. */
export const SCRAPERS_MAX = 8;

/** Interval of the timer whose delay is that of the event loop, ms. */
const BEAT_MS = 100;

/** Time for which a text is good, ms: whoever asks all the time costs the node no more than one text a second. */
const TEXT_MS = 1_000;

const MS_PER_SECOND = 1_000;

/** Address and surroundings of the port. */
interface MetricsOptions {
  readonly hostname: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Monotonic time, ms. */
  monotonicMs(): number;
  /** The present values. */
  figures(): Promise<Partial<Figures>>;
  /** The reason that clients are not served; `undefined` while they are. */
  problem(): string | undefined;
  readonly descriptors?: Descriptors;
  readonly logger: Logger;
}

/** A port that answers scrapes. */
export class MetricsService {
  readonly #options: MetricsOptions;
  readonly #listener: ShortListener;
  readonly #address: Deno.NetAddr;
  readonly #text = new MetricsText();
  readonly #beat: ReturnType<typeof setInterval>;
  #beatMs: number;
  #last: { readonly text: Promise<string>; readonly atMs: number } | undefined;

  /**
   * Listens at once.
   *
   * @throws {Error} if the address cannot be bound
   */
  constructor(options: MetricsOptions) {
    this.#options = options;
    const { hostname, port, descriptors, logger } = options;
    const listener = Deno.listen({ hostname, port });
    this.#address = listener.addr;
    this.#listener = new ShortListener(listener, {
      answer: (request) => this.#answer(request),
      bodyBytesMax: 0,
      connectionsMax: SCRAPERS_MAX,
      ...descriptors && { descriptors },
      onFailure: (error) => logger.warn("metricsAcceptFailed", { error: String(error) }),
    });
    this.#beatMs = options.monotonicMs();
    this.#beat = setInterval(() => this.#onBeat(), BEAT_MS);
  }

  /** The address to scrape. */
  get url(): string {
    const { hostname, port } = this.#address;
    return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}/metrics`;
  }

  /** Takes the duration of something into a histogram. */
  observe(name: HistogramName, ms: number): void {
    this.#text.observe(name, ms / MS_PER_SECOND);
  }

  /** Stops listening, and ends every connection. */
  async stop(): Promise<void> {
    clearInterval(this.#beat);
    await this.#listener.close();
  }

  #onBeat(): void {
    const nowMs = this.#options.monotonicMs();
    this.observe("chat_event_loop_delay_seconds", Math.max(0, nowMs - this.#beatMs - BEAT_MS));
    this.#beatMs = nowMs;
  }

  /** Never rejects. */
  async #answer(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await this.#page(pageOf(request));
    } catch (error) {
      this.#options.logger.error("metrics", {
        error: error instanceof Error ? error.message : String(error),
      });
      return lineAnswer(500, "the node could not answer; its diagnostics say why");
    }
  }

  async #page(page: ReturnType<typeof pageOf>): Promise<HttpAnswer> {
    if (typeof page === "object") return page;
    if (page === "live") return lineAnswer(200, "live");
    if (page === "ready") return readyAnswer(this.#options.problem());
    return { status: 200, type: METRICS_TYPE, body: await this.#recentText() };
  }

  #recentText(): Promise<string> {
    const { monotonicMs, figures } = this.#options;
    const nowMs = monotonicMs();
    if (this.#last === undefined || nowMs - this.#last.atMs >= TEXT_MS) {
      this.#last = { text: figures().then((present) => this.#text.of(present)), atMs: nowMs };
    }
    return this.#last.text;
  }
}
