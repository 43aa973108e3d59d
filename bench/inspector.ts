/**
 * The runtime's own inspector, asked over its WebSocket (Chrome DevTools Protocol): how much of the heap is in
 * use, and how late timers are, is known to the process alone, and the server does not tell.
 *
 * @module
 */

import type { Subject } from "./subject.ts";

/** The flag of the runtime that a process needs for this. */
export const INSPECT_FLAG = "--inspect=127.0.0.1:0";

/** One conversation with a process. */
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

  /** @throws {Error} if the process does not say where its inspector listens */
  static async open(subject: Subject): Promise<Inspector> {
    const address = /ws:\/\/\S+/.exec(subject.errors())?.[0];
    if (address === undefined) throw new Error(`no inspector listens; the process said: ${subject.errors()}`);
    const socket = new WebSocket(address);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = () => reject(new Error(`no inspector answers at ${address}`));
    });
    return new Inspector(socket);
  }

  /** One method of the protocol. */
  call(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return new Promise((resolve) => {
      this.#waiting.set(++this.#id, resolve);
      this.#socket.send(JSON.stringify({ id: this.#id, method, params }));
    });
  }

  /** Collects all garbage; returns what is left, bytes. */
  async usedHeapBytes(): Promise<number> {
    await this.call("HeapProfiler.collectGarbage");
    const { usedSize } = await this.call("Runtime.getHeapUsage") as { readonly usedSize: number };
    return usedSize;
  }

  /** The value of an expression, as the program itself would get it; it must be one that JSON can carry. */
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
