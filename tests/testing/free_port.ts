/**
 * Ports for servers that are configured before they run.
 *
 * @module
 */

/** Below the ports of outgoing connections, one of which might take the port of a server that is down. */
const PORT_MIN = 12_000;
/** Upper end, not included. */
const PORT_MAX = 32_000;
/** Ports of one test file. */
const BLOCK = 500;

/** Ports that were handed out already. */
const taken = new Set<number>();

const first = firstOfOwnBlock();

/** A free port of 127.0.0.1, different at each call. @throws {Error} if a test file asks for too many */
export function freePort(): number {
  while (taken.size < BLOCK - 1) {
    const port = first + 1 + Math.floor(Math.random() * (BLOCK - 1));
    if (taken.has(port)) continue;
    taken.add(port);
    if (isFree(port)) return port;
  }
  throw new Error(`a test file has ${BLOCK} ports`);
}

/**
 * A block of ports for this test file alone, though others run beside it: its first port stays taken until the file
 * has run. Servers that are down, or that come later, then lose their ports to nobody.
 */
function firstOfOwnBlock(): number {
  if (Deno.permissions.querySync({ name: "net", host: "127.0.0.1" }).state !== "granted") return PORT_MIN;
  const blocks = (PORT_MAX - PORT_MIN) / BLOCK;
  const offset = Math.floor(Math.random() * blocks);
  for (let i = 0; i < blocks; i++) {
    const port = PORT_MIN + (offset + i) % blocks * BLOCK;
    if (hold(port) !== undefined) return port;
  }
  throw new Error(`no block of ${BLOCK} ports from ${PORT_MIN} to ${PORT_MAX} is free`);
}

function isFree(port: number): boolean {
  const listener = hold(port);
  listener?.close();
  return listener !== undefined;
}

function hold(port: number): Deno.TcpListener | undefined {
  try {
    const listener = Deno.listen({ hostname: "127.0.0.1", port });
    listener.unref();
    return listener;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    throw error;
  }
}
