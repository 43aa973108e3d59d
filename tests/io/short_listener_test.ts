import { assertEquals, assertLessOrEqual } from "@std/assert";
import { lineAnswer } from "../../server/http/http_message.ts";
import { ShortListener } from "../../server/http/short_listener.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";

/** Connections that come at once: fewer than the system lets wait. */
const AT_ONCE = 100;

processTest(
  "a ShortListener accepts many connections that come at once in several passes of the event loop",
  async () => {
    let accepted = 0;
    const real = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const counting = {
      accept: async (): Promise<Deno.Conn> => {
        const connection = await real.accept();
        accepted++;
        return connection;
      },
      close: () => real.close(),
    };
    const listener = new ShortListener(counting as Deno.Listener<Deno.Conn>, {
      answer: () => lineAnswer(200, "here"),
      bodyBytesMax: 0,
      connectionsMax: AT_ONCE,
      onFailure: () => {},
    });
    const growths: number[] = [];
    let before = 0;
    const look = (): void => {
      growths.push(accepted - before);
      before = accepted;
    };
    const looking = setInterval(look, 0);
    const { port } = real.addr;
    const clients = await Promise.all(
      Array.from({ length: AT_ONCE }, () => Deno.connect({ hostname: "127.0.0.1", port })),
    );
    await eventually("all are accepted", () => accepted === AT_ONCE);
    clearInterval(looking);
    look();
    // A look may come behind two passes.
    assertLessOrEqual(Math.max(...growths), 16);
    assertEquals(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "here\n");
    console.log(`${AT_ONCE} connections, at most ${Math.max(...growths)} between two looks`);
    for (const client of clients) client.close();
    await listener.close();
  },
);
