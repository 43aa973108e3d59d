/**
 * Settings of the whole cluster that a node can override: limits, the cost of password hashes, the reserve, the
 * reconnection of the original, and who can register.
 *
 * @module
 */

import { DEFAULT_LIMITS, type Limits } from "../../common/limits.ts";
import { type Registration, REGISTRATIONS } from "../core/accounts/invite.ts";
import { Fields, type Range } from "./fields.ts";

/** The settings of a node. */
export interface Settings {
  readonly limits: Limits;
  /** bcrypt cost of new password hashes: a hash takes twice as long with each step. */
  readonly hashCost: number;
  /** Size of the file that makes room for the log when the disk is full, bytes; 0 for no file. */
  readonly reserveBytes: number;
  /** True if PING of the original dialect logs in without a password, from loopback addresses. */
  readonly originalReconnect: boolean;
  /** Who can register: everybody, those with an invitation, or nobody. */
  readonly registration: Registration;
}

/** The default settings. */
export const DEFAULT_SETTINGS: Settings = {
  limits: DEFAULT_LIMITS,
  hashCost: 10,
  reserveBytes: 64 * 1_024 * 1_024,
  originalReconnect: false,
  registration: "open",
};

/** The names of the settings. */
export const SETTINGS_KEYS = Object.keys(DEFAULT_SETTINGS);

/** Smallest cost that is safe against guessing from stolen hashes (OWASP, Password Storage Cheat Sheet). */
export const SAFE_HASH_COST = 10;

const HASH_COST: Range = { min: 4, max: 14 };
const RESERVE_BYTES: Range = { min: 0, max: 2 ** 40 };

/** Counts, bytes and milliseconds alike: timers take no more, and more bytes or counts help nobody. */
const LIMIT: Range = { min: 1, max: 2 ** 31 - 1 };
const RATE: Range = { ...LIMIT, min: 0 };
const STORED_BYTES: Range = { min: 0, max: 2 ** 40 };

/** Limits with a range of their own. */
const LIMIT_RANGES: { readonly [Name in keyof Limits]?: Range } = {
  // A login with the longest name and password must fit.
  frameBytesBeforeLogin: { ...LIMIT, min: 512 },
  frameBytes: { ...LIMIT, min: 512 },
  // Values are read by recursion, which overflows the stack at some 8,000.
  valueDepth: { min: 4, max: 1_000 },
  // A log line has at most 1 MiB (proto/log_format.md), in which JSON may make six bytes of one.
  contentBytes: { min: 1, max: 131_072 },
  idsPerPush: { min: 1, max: 5_000 },
  // The archive finds no more at once.
  searchPageMax: { min: 1, max: 100 },
  // bcrypt ignores further bytes.
  passwordBytesMax: { min: 1, max: 72 },
  registrationsPerHour: RATE,
  registrationsPerTenMinutes: RATE,
  loginFailuresPerMinute: RATE,
  loginFailuresPerAddress: RATE,
  strangerFailuresPerHour: RATE,
  newConnectionsPerMinute: RATE,
  messagesPerSecond: RATE,
  bytesPerSecond: RATE,
  workPerSecond: RATE,
  badFramesPerMinute: RATE,
  inboxMessages: RATE,
  inboxBytes: STORED_BYTES,
  storedBytes: STORED_BYTES,
};

/** Pairs of limits of which the first must not be over the second. */
const ORDERED_LIMITS: readonly (readonly [keyof Limits, keyof Limits])[] = [
  ["frameBytesBeforeLogin", "frameBytes"],
  ["contentBytes", "frameBytes"],
  ["passwordBytesMin", "passwordBytesMax"],
  ["messagesPage", "messagesPageMax"],
  ["usersPage", "usersPageMax"],
  ["searchPage", "searchPageMax"],
  ["watchedNames", "watchedPeople"],
  ["searchWordsBytes", "frameBytes"],
  ["hashesPerAccount", "hashQueue"],
  ["hashesPerAddress", "hashQueue"],
  ["loginDelayMs", "loginDelayMsMax"],
  ["outboundBytesSoft", "outboundBytesHard"],
  ["outboundBytesHard", "outboundBytesTotal"],
  ["workPerShare", "workPerRound"],
  ["listWorkPerRound", "workPerRound"],
  ["unauthenticatedConnections", "connections"],
  ["unauthenticatedPerAddress", "unauthenticatedConnections"],
  ["connectionsPerAddress", "connections"],
];

/**
 * Parses the settings of the cluster or of a node.
 *
 * @param outer settings in force where a field is absent
 */
export function readSettings(fields: Fields, outer: Settings): Settings {
  const section = fields.optionalSection("limits", Object.keys(DEFAULT_LIMITS));
  return {
    limits: section === undefined ? outer.limits : readLimits(section, outer.limits),
    hashCost: fields.wholeNumber("hashCost", HASH_COST, outer.hashCost),
    reserveBytes: fields.wholeNumber("reserveBytes", RESERVE_BYTES, outer.reserveBytes),
    originalReconnect: fields.boolean("originalReconnect", outer.originalReconnect),
    registration: fields.choice("registration", REGISTRATIONS, outer.registration),
  };
}

function readLimits(section: Fields, outer: Limits): Limits {
  const limits: Record<string, number | boolean> = { ...outer };
  const problemsBefore = section.problems.length;
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]) {
    const otherwise = outer[name];
    limits[name] = typeof otherwise === "boolean"
      ? section.boolean(name, otherwise)
      : section.wholeNumber(name, LIMIT_RANGES[name] ?? LIMIT, otherwise);
  }
  // Unreadable limits must not be compared.
  if (section.problems.length > problemsBefore) return outer;
  const read = limits as Limits;
  checkOrder(section, read);
  return read;
}

/** Checks only pairs with a limit set here: a problem of the whole cluster is not repeated for each node. */
function checkOrder(section: Fields, limits: Limits): void {
  for (const [lower, upper] of ORDERED_LIMITS) {
    if (!section.has(lower) && !section.has(upper)) continue;
    if (limits[lower] <= limits[upper]) continue;
    section.problems.push(
      `${section.pathOf(lower)} is ${limits[lower]}${unlessSet(section, lower)} and must not be over ` +
        `${upper}, which is ${limits[upper]}${unlessSet(section, upper)}; lower the one or raise the other`,
    );
  }
}

function unlessSet(section: Fields, name: keyof Limits): string {
  return section.has(name) ? "" : " unless set here";
}
