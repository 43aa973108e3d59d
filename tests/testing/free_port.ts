/**
 * Ports for servers that must be known before the servers run.
 *
 * @module
 */

/** Below the ports that the system gives to outgoing connections, which would take one while its server is down. */
const PORT_MIN = 12_000;
/** See `PORT_MIN`. */
const PORT_MAX = 32_000;

/** Ports that were handed out already. */
const taken = new Set<number>();

/** A port of 127.0.0.1 that nobody listens on, and that no other call gets. */
export function freePort(): number {
  for (;;) {
    const port = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    if (taken.has(port) || !isFree(port)) continue;
    taken.add(port);
    return port;
  }
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
