/**
 * The runtime's inspector, over its WebSocket (Chrome DevTools Protocol). It knows the heap in use and the
 * delay of timers, which the server itself does not report.
 *
 * @module
 */

import type { Subject } from "./subject.ts";

/** Flag of the runtime that opens the inspector. */
export const INSPECT_FLAG = "--inspect=127.0.0.1:0";

/** Conversation with the inspector of one process. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #id = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const { id, result } = JSON.parse(data);
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    };
  }

  /** Connects. @throws {Error} if the process has not announced the address of its inspector */
  static async open(subject: Pick<Subject, "errors">): Promise<Inspector> {
    const address = /ws:\/\/\S+/.exec(subject.errors())?.[0];
    if (address === undefined) throw new Error(`no inspector listens; the process said: ${subject.errors()}`);
    const socket = new WebSocket(address);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error(`no inspector answers at ${address}`));
    });
    return new Inspector(socket);
  }

  /** Calls a method of the protocol; resolves with its result. */
  call(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return new Promise((resolve) => {
      this.#waiting.set(++this.#id, resolve);
      this.#socket.send(JSON.stringify({ id: this.#id, method, params }));
    });
  }

  /** Collects all garbage; returns the heap in use afterwards, bytes. */
  async usedHeapBytes(): Promise<number> {
    await this.call("HeapProfiler.collectGarbage");
    const { usedSize } = await this.call("Runtime.getHeapUsage") as { readonly usedSize: number };
    return usedSize;
  }

  /** Evaluates an expression inside the program; its value must be representable in JSON. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.call("Runtime.evaluate", { expression, returnByValue: true }) as {
      readonly result: { readonly value: unknown };
    };
    return answer.result.value;
  }

  /** Ends the conversation. */
  close(): void {
    this.#socket.close();
  }
}
