/**
 * Program of clients that log in, use features, and ask for nothing more. Arguments: port, the names of the features as
 * JSON, names of the accounts. The first byte of its input lets them connect, the second one is answered alike: `{}`.
 *
 * @module
 */

import type { Feature } from "../common/protocol/features.ts";
import { Client } from "./client.ts";

/** Clients that connect at the same time. */
const AT_ONCE = 32;

async function connect(port: number, name: string, use: readonly Feature[]): Promise<void> {
  const client = await Client.loggedIn(port, name);
  await client.ask({ name: "useFeatures", payload: { use: [...use] } }, "ok");
}

async function main([port, json, ...names]: readonly string[]): Promise<void> {
  const use: readonly Feature[] = JSON.parse(json ?? "[]");
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < names.length; i = next++) await connect(Number(port), names[i] ?? "", use);
  };
  for await (const _ of Deno.stdin.readable) {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    console.log("{}");
  }
  Deno.exit(0);
}

if (import.meta.main) await main(Deno.args);
