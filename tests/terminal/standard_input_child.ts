/**
 * Reads two lines from a terminal as the client does on Windows, and prints them.
 *
 * @module
 */

import { standardInput } from "../../client/terminal/standard_input.ts";

/** Input up to the first Enter. */
async function line(): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of standardInput("windows")) {
    text += decoder.decode(chunk, { stream: true });
    if (/[\r\n]$/.test(text)) break;
  }
  return text;
}

Deno.stdin.setRaw(true);
console.log("reads keys\r");
console.log(`keys ${JSON.stringify(await line())}\r`);
Deno.stdin.setRaw(false);
console.log("reads a line");
console.log(`line ${JSON.stringify(await line())}`);
Deno.exit();
