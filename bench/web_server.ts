/**
 * A server with a port for the page and its WebSockets.
 *
 * @module
 */

import { startServer, type Subject } from "./subject.ts";

/** A server with both ports. */
export interface WebServer {
  readonly server: Subject;
  readonly webPort: number;
}

/** Starts one. */
export async function startWebServer(
  options: Omit<Parameters<typeof startServer>[0], "node">,
): Promise<WebServer> {
  using free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const webPort = free.addr.port;
  free.close();
  return { server: await startServer({ ...options, node: { web: { port: webPort } } }), webPort };
}
