/**
 * A page with a list and a field, and next to no code: the browser's own share of the times.
 *
 * @module
 */

import type { Place } from "./page_window.ts";

/** Lines that a click shows: as many as messages of a chat that is opened. */
const LINES = 50;

const DOCUMENT = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Bare page</title>
  <button id="open">Open</button>
  <ol id="history" data-times="0"></ol>
  <textarea id="composer"></textarea>
  <script>
    const list = document.querySelector("#history");
    document.querySelector("#open").onclick = () => {
      list.dataset.times++;
      list.replaceChildren(...Array.from({ length: ${LINES} }, (_, number) => {
        const line = document.createElement("li");
        line.textContent = "line " + number + " of time " + list.dataset.times;
        return line;
      }));
    };
  </script>
</html>
`;

/** A server of the bare page. `await using` ends it. */
export class BarePage implements AsyncDisposable {
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(DOCUMENT, { headers: { "Content-Type": "text/html; charset=utf-8" } }),
  );

  /** Its place: usable with its field. */
  get place(): Place {
    return {
      address: `http://127.0.0.1:${this.#server.addr.port}/`,
      isUsable: `document.querySelector("#composer") !== null`,
    };
  }

  /** Expression that is true once the lines of so many clicks were shown. */
  static isOpened(times: number): string {
    return `document.querySelector("#history").dataset.times === "${times}"`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
