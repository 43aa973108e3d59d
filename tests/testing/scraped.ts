/**
 * What a node answers at its port for metrics.
 *
 * @module
 */

/** An answer of the port. */
export interface ScrapedPage {
  readonly status: number;
  readonly text: string;
}

/** Asks for a page. */
export async function askPage(port: number, path: string, init: RequestInit = {}): Promise<ScrapedPage> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return { status: response.status, text: await response.text() };
}

/** The samples of a node by series, as `chat_connections{transport="tcp"}`. @throws {Error} if there are none */
export async function scrape(port: number): Promise<ReadonlyMap<string, number>> {
  const { status, text } = await askPage(port, "/metrics");
  if (status !== 200) throw new Error(`/metrics was answered with ${status}: ${text}`);
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const space = line.lastIndexOf(" ");
    return [line.slice(0, space), Number(line.slice(space + 1))];
  }));
}
