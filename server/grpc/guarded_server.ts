/**
 * The library's server, without the ways in which a stranger's stream ends the process.
 *
 * @module
 */

import { Server, type ServerOptions } from "@grpc/grpc-js";
import type { EventEmitter } from "node:events";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";

/** Answers the streams of one HTTP/2 server. */
type StreamHandler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, ...rest: unknown[]) => void;

/** The part of the library's server that its types do not tell of. */
interface Http2ServerMaker {
  createHttp2Server(...parameters: unknown[]): EventEmitter;
}

/** The callbacks of a guarded server. */
interface Guard {
  /** A stream is asked for, whatever its method; `address` is that of the other end, with its port. */
  asked(address: string): void;
  /** A stream could not be answered, and was ended. */
  failed(address: string, reason: string): void;
}

/**
 * Makes a server of the library. It answers an unknown method, or another content type, on a stream that the other
 * end may have ended meanwhile, and does not catch the error of that (grpc-js 1.14.7, `_respondWithError` and
 * `_verifyContentType`).
 */
export function guardedServer(options: ServerOptions, guard: Guard): Server {
  const server = new Server(options);
  const maker = server as unknown as Http2ServerMaker;
  const make = maker.createHttp2Server.bind(server);
  maker.createHttp2Server = (...parameters) => guarded(make(...parameters), guard);
  return server;
}

function guarded(server: EventEmitter, guard: Guard): EventEmitter {
  const handlers = server.listeners("stream") as StreamHandler[];
  server.removeAllListeners("stream");
  server.on("stream", (...[stream, ...rest]: Parameters<StreamHandler>) => {
    const address = addressOf(stream);
    guard.asked(address);
    if (stream.destroyed) return;
    try {
      for (const handle of handlers) handle(stream, ...rest);
    } catch (error) {
      guard.failed(
        address,
        `its stream could not be answered: ${error instanceof Error ? error.message : error}`,
      );
      stream.destroy();
    }
  });
  return server;
}

function addressOf({ session }: ServerHttp2Stream): string {
  return `${session?.socket.remoteAddress}:${session?.socket.remotePort}`;
}
