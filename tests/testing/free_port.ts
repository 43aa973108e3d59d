/**
 * Ports for servers that are configured before they run.
 *
 * @module
 */

/** Below the ports of outgoing connections, one of which might take the port of a server that is down. */
const PORT_MIN = 12_000;
/** Upper end, not included. */
const PORT_MAX = 32_000;

/** Ports that were handed out already. */
const taken = new Set<number>();

/** A free port of 127.0.0.1, different at each call. */
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
