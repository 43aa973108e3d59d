/**
 * Program that floods a port with connections that never become a session. Arguments: port, the bytes with which each
 * connection begins as a JSON text, and a name for each of them. A byte of its input opens them all, the next one closes
 * them; the answers are lines: at the end, the number that were open.
 *
 * @module
 */

/** Connections that are opened at the same time. */
const AT_ONCE = 50;

/** Number of connections that were open. */
export interface Flooded {
  readonly open: number;
}

async function open(port: number, bytes: Uint8Array): Promise<Deno.Conn | undefined> {
  try {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    if (bytes.length > 0) await connection.write(bytes);
    return connection;
  } catch {
    // The node takes none at this moment, or has ended it.
    return undefined;
  }
}

async function openAll(port: number, bytes: Uint8Array, count: number): Promise<Deno.Conn[]> {
  const connections: Deno.Conn[] = [];
  let left = count;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) {
      const connection = await open(port, bytes);
      if (connection !== undefined) connections.push(connection);
    }
  }));
  return connections;
}

async function main([port, json, ...names]: readonly string[]): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.parse(json ?? '""'));
  let opening: Promise<Deno.Conn[]> | undefined;
  for await (const _ of Deno.stdin.readable) {
    if (opening === undefined) {
      opening = openAll(Number(port), bytes, names.length);
      console.log("begun");
    } else {
      const connections = await opening;
      for (const connection of connections) connection.close();
      opening = undefined;
      const flooded: Flooded = { open: connections.length };
      console.log(JSON.stringify(flooded));
    }
  }
  Deno.exit(0);
}

if (import.meta.main) await main(Deno.args);
