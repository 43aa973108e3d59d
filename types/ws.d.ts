// The package `ws` has no types of its own: these are the declarations of what this project uses.

declare module "ws" {
  import type { Buffer } from "node:buffer";
  import type { EventEmitter } from "node:events";
  import type { Duplex } from "node:stream";

  /** The head of a request, as far as it is read. */
  interface UpgradeRequest {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string | undefined>>;
  }

  export class WebSocket extends EventEmitter {
    readonly OPEN: number;
    readonly readyState: number;
    /** Bytes that wait to be written. */
    readonly bufferedAmount: number;
    readonly isPaused: boolean;
    binaryType: string;
    pause(): void;
    resume(): void;
    send(data: Uint8Array, done: (error?: Error) => void): void;
    pong(data: Uint8Array): void;
    close(code: number, reason?: string): void;
    terminate(): void;
    on(event: "message", listener: (data: Buffer, isBinary: boolean) => void): this;
    on(event: "ping", listener: (data: Buffer) => void): this;
    on(event: "close" | "error", listener: () => void): this;
  }

  export class WebSocketServer {
    constructor(options: {
      readonly noServer: true;
      readonly autoPong: boolean;
      readonly clientTracking: boolean;
      readonly perMessageDeflate: boolean;
      readonly maxPayload: number;
      readonly maxFragments: number;
      readonly maxBufferedChunks: number;
      readonly handleProtocols: () => string;
    });
    handleUpgrade(
      request: UpgradeRequest,
      socket: Duplex,
      head: Buffer,
      done: (socket: WebSocket) => void,
    ): void;
  }
}
