/**
 * Logins of an account's owner while 200 addresses guess passwords, beside logins without an attack.
 *
 * @module
 */

import { THIS_CHECKOUT } from "./checkout.ts";
import { Client, PASSWORD } from "./client.ts";
import type { Report } from "./report.ts";
import { percentiles } from "./statistics.ts";
import { startServer } from "./subject.ts";

const ADDRESSES = 200;
const GUESSES_EACH = 10;
/** Names of the attack on many: as many addresses guess at each. */
const NAMES = 20;
const CONTROL_LOGINS = 34;
/** Time between two logins of the owner, ms. */
const PAUSE_MS = 200;
const TARGET_MS = 2_000;

const HOME = "127.0.1.1";

/** Every limit on guesses holds, for each address of this machine by itself. */
const SETTINGS = {
  limits: {
    registrationsPerHour: 0,
    registrationsPerTenMinutes: 0,
    newConnectionsPerMinute: 0,
    loopbackExempt: false,
  },
  hashCost: 10,
};

/** The owner's logins at one place. */
interface Logins {
  /** From LOGIN_2 to its answer, ms. */
  readonly timesMs: number[];
  /** Answers that are not LOGIN_SUCCESS. */
  refused: number;
}

/** An attack and the logins meanwhile. */
interface Round {
  readonly known: Logins;
  readonly elsewhere: Logins;
  /** Guesses that were compared, which the attacker learns something from. */
  readonly compared: number;
}

/** Measures logins under attack. @param folder for the servers' data @param against another checkout */
export async function measureGuessing(folder: string, against?: string): Promise<Report> {
  const checkouts = [["this checkout", THIS_CHECKOUT], ...(against ? [["against", against]] : [])] as const;
  const rows: string[][] = [];
  let worst: Logins = { timesMs: [], refused: 0 };
  for (const [index, [title, checkout]] of checkouts.entries()) {
    const server = await startServer({ data: `${folder}/${index}`, settings: SETTINGS, checkout });
    const { port } = server;
    const names = Array.from({ length: NAMES }, (_, i) => `user${i}`);
    for (const name of names) (await loggedIn(port, name)).close();
    const one = await round(port, "user0", []);
    const control: Row = [title, "no attack", one];
    const attacked: Row = [title, "200 addresses, one name", await round(port, "user1", ["user1"])];
    const sprayed: Row = [title, "200 addresses, 20 names", await round(port, "user2", names)];
    rows.push(...[control, attacked, sprayed].map(cells));
    await server.stop();
    if (index === 0) {
      const during = [attacked[2].known, sprayed[2].known];
      worst = {
        timesMs: during.flatMap(({ timesMs }) => timesMs),
        refused: during.reduce((sum, { refused }) => sum + refused, 0),
      };
    }
  }
  const [p99 = NaN] = percentiles(worst.timesMs, [0.99]);
  return {
    title: "Logins while passwords are guessed",
    notes: [
      `${ADDRESSES} addresses guess ${GUESSES_EACH} times each, at one name or at ${NAMES}; bcrypt cost 10.`,
      `Meanwhile the owner of an account that is guessed at logs in every ${PAUSE_MS} ms: from an address known to ` +
      "the account, and from a new address each time.",
    ],
    tables: [{
      columns: [
        "server",
        "attack",
        "known: right / all",
        "p50 / p99 ms",
        "new: right / all",
        "p50 / p99 ms",
        "compared",
      ],
      rows,
    }],
    findings: [{
      what: "right passwords from the known address during the attacks",
      figure: `${worst.timesMs.length - worst.refused} of ${worst.timesMs.length}, p99 ${p99.toFixed(0)} ms`,
      target: `all, within ${TARGET_MS} ms`,
      reached: worst.refused === 0 && p99 <= TARGET_MS,
    }],
  };
}

type Row = readonly [title: string, attack: string, round: Round];

function cells([title, attack, { known, elsewhere, compared }]: Row): string[] {
  return [title, attack, ...loginCells(known), ...loginCells(elsewhere), String(compared)];
}

function loginCells({ timesMs, refused }: Logins): string[] {
  const [p50 = NaN, p99 = NaN] = percentiles(timesMs, [0.5, 0.99]);
  return [`${timesMs.length - refused} / ${timesMs.length}`, `${p50.toFixed(0)} / ${p99.toFixed(0)}`];
}

/** Guesses at the names, and logs the owner of one of them in meanwhile; without names, so often as the control. */
async function round(port: number, owner: string, names: readonly string[]): Promise<Round> {
  let isOver = names.length === 0;
  const attackers = names.length === 0 ? [] : Array.from(
    { length: ADDRESSES },
    (_, i) => guess(port, `127.1.${names.length}.${i + 1}`, names[i % names.length] ?? owner),
  );
  const compared = Promise.all(attackers).then((counts) => {
    isOver = true;
    return counts.reduce((sum, count) => sum + count, 0);
  });
  const logins = (address: (i: number) => string): Promise<Logins> =>
    logInAgainAndAgain(port, owner, address, (count) => isOver && count >= CONTROL_LOGINS);
  const [known, elsewhere] = await Promise.all([
    logins(() => HOME),
    logins((i) => `127.2.${names.length}.${i % 250 + 1}`),
  ]);
  return { known, elsewhere, compared: await compared };
}

async function logInAgainAndAgain(
  port: number,
  name: string,
  address: (i: number) => string,
  isEnough: (count: number) => boolean,
): Promise<Logins> {
  const logins: Logins = { timesMs: [], refused: 0 };
  while (!isEnough(logins.timesMs.length)) {
    const client = await Client.connect(port, address(logins.timesMs.length));
    await client.ask({ name: "startLogin", payload: { name } }, "userExisting");
    const startMs = performance.now();
    const reply = await client.ask({ name: "finishLogin", payload: { password: PASSWORD } });
    logins.timesMs.push(performance.now() - startMs);
    if (reply.name !== "loginSuccess") logins.refused++;
    client.close();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return logins;
}

/** Guesses from one address; returns the number of guesses that were compared. */
async function guess(port: number, address: string, name: string): Promise<number> {
  const client = await Client.connect(port, address);
  await client.ask({ name: "startLogin", payload: { name } }, "userExisting");
  let compared = 0;
  for (let i = 0; i < GUESSES_EACH; i++) {
    const reply = await client.ask({ name: "finishLogin", payload: { password: `wrong password ${i}` } });
    compared += Number(reply.name === "loginFailed");
  }
  client.close();
  return compared;
}

async function loggedIn(port: number, name: string): Promise<Client> {
  const client = await Client.connect(port, HOME);
  await client.logIn(name);
  return client;
}
