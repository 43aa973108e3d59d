/**
 * Requests for a page over a connection of their own.
 *
 * @module
 */

/** The answer to a request. */
export interface PageReply {
  readonly status: number;
  /** Status line and headers, as they came. */
  readonly head: string;
  readonly body: string;
}

/**
 * Asks for a path.
 *
 * @param connection it is closed
 */
export async function askForPage(
  connection: Deno.Conn,
  path = "/",
  headers = "",
  host = "localhost",
): Promise<PageReply> {
  using _ = connection;
  const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${headers}Connection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const text = await new Response(bytesOf(connection)).text();
  const end = text.indexOf("\r\n\r\n");
  return {
    status: Number(text.split(" ")[1]),
    head: text.slice(0, end),
    body: text.slice(end + 4),
  };
}

/** A connection to a port of this machine. */
export function connectTo(port: number): Promise<Deno.Conn> {
  return Deno.connect({ hostname: "127.0.0.1", port });
}

/** The bytes that come, until the other end closes. */
function bytesOf(connection: Deno.Conn): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller): Promise<void> {
      const buffer = new Uint8Array(16_384);
      const count = await connection.read(buffer).catch(() => null);
      if (count === null) controller.close();
      else controller.enqueue(buffer.subarray(0, count));
    },
  });
}
