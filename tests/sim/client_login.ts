/**
 * Login of a client: by token or by password; registers an account if the name is free.
 *
 * @module
 */

import type { Client, Outcome } from "./client.ts";
import { codeFor } from "./invited_people.ts";

/** Sends HELLO and logs in; `then` gets true if that succeeded. */
export function loginFlow(client: Client, then: (isThere: boolean) => void): void {
  client.ask({ name: "hello", payload: { version: 2, client: "simulated" } }, (outcome) => {
    if (outcome === "lost" || outcome.name !== "welcome") return failed(client, then);
    if (client.features.length === 0) enter(client, then);
    else useFeatures(client, then);
  });
}

function useFeatures(client: Client, then: (isThere: boolean) => void): void {
  client.ask({ name: "useFeatures", payload: { use: [...client.features] } }, (outcome) => {
    if (outcome === "lost" || outcome.name !== "ok") failed(client, then);
    else enter(client, then);
  });
}

function enter(client: Client, then: (isThere: boolean) => void): void {
  if (client.token !== "" && client.world.chance.is(0.7)) resume(client, then);
  else withPassword(client, then);
}

function failed(client: Client, then: (isThere: boolean) => void): void {
  client.hangUp();
  then(false);
}

function resume(client: Client, then: (isThere: boolean) => void): void {
  client.ask({ name: "resume", payload: { token: client.token } }, (outcome) => {
    if (outcome === "lost") return failed(client, then);
    if (outcome.name === "loginSuccess") return entered(client, outcome, then);
    // The token may be good again.
    if (outcome.name === "error" && outcome.payload.code === "disabled") return failed(client, then);
    client.token = "";
    withPassword(client, then);
  });
}

function withPassword(client: Client, then: (isThere: boolean) => void): void {
  const { person } = client;
  client.ask({ name: "startLogin", payload: { name: person.name } }, (outcome) => {
    if (outcome === "lost" || outcome.name === "error") return failed(client, then);
    if (outcome.name === "userNotExisting") return register(client, then);
    tryPasswords(client, [...person.passwords], then);
  });
}

function register(client: Client, then: (isThere: boolean) => void): void {
  const { person } = client;
  const password = person.newPassword();
  person.passwords.unshift(password);
  const invitation = codeFor(client.world);
  const payload = invitation === undefined ? { password } : { password, invitation };
  client.ask({ name: "finishLogin", payload }, (outcome) => entered(client, outcome, then));
}

/** Tries one password after the other: after a lost reply to a password change, either may be valid. */
function tryPasswords(client: Client, passwords: string[], then: (isThere: boolean) => void): void {
  const { person, world } = client;
  const password = passwords.shift();
  if (password === undefined) {
    // Another person has the name, and this one was promised nothing under it.
    if (person.account === undefined) person.takeOtherName(world.chance);
    return failed(client, then);
  }
  client.ask({ name: "finishLogin", payload: { password } }, (outcome) => {
    if (outcome !== "lost" && outcome.name === "loginFailed") return tryPasswords(client, passwords, then);
    entered(client, outcome, then);
  });
}

function entered(client: Client, outcome: Outcome, then: (isThere: boolean) => void): void {
  const { person, connection, world } = client;
  if (outcome === "lost" || outcome.name !== "loginSuccess" || connection?.viewer === undefined) {
    return failed(client, then);
  }
  client.token = outcome.payload.token;
  person.account = world.knowledge.account(connection.viewer, person);
  person.shownName = outcome.payload.name;
  if (client.watch === undefined) then(true);
  else client.watch.begin((isWatching) => isWatching ? then(true) : failed(client, then));
}
