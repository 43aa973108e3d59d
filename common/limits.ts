/**
 * Every bound of the system: its name, its unit and its reason. The names are the keys under `limits` in the
 * configuration. A rate of 0 means "no limit".
 *
 * @module
 */

import { CLIENT_LIMITS } from "./client_limits.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The defaults, with their units. A value without a unit is a count. */
export const DEFAULT_LIMITS = {
  // Frames. The announced length is checked before anything is allocated.
  /** Payload of a request before login, bytes. A login carries a name or a password, nothing longer. */
  frameBytesBeforeLogin: 4 * KIB,
  /** Payload of a request after login, and size at which a page of the confirmed dialect ends, bytes. */
  frameBytes: 256 * KIB,
  /** Payload of a reply of the original dialect, which has no pages, bytes. */
  replyBytes: CLIENT_LIMITS.replyBytes,
  /** Depth of nested values: naive recursion overflows the stack long before a frame is full. */
  valueDepth: 16,
  /** Items of one list in a request. */
  listItems: 4_096,
  /** Keys of one dictionary in a request. */
  dictionaryKeys: 64,

  // Contents and passwords.
  /** Content of a message, bytes of UTF-8. */
  contentBytes: CLIENT_LIMITS.contentBytes,
  /** Shortest password, bytes of UTF-8: shorter ones are guessed. */
  passwordBytesMin: CLIENT_LIMITS.passwordBytesMin,
  /** Longest new password, bytes of UTF-8: bcrypt ignores everything behind it. */
  passwordBytesMax: CLIENT_LIMITS.passwordBytesMax,

  // Pages.
  /** Messages on a page by default, and the maximum that a request may ask for. */
  messagesPage: 50,
  messagesPageMax: 500,
  /** Users or chats on a page by default, and the maximum that a request may ask for. */
  usersPage: 100,
  usersPageMax: CLIENT_LIMITS.usersPageMax,
  /** Messages on a page of a search by default, and the maximum that a request may ask for. */
  searchPage: 20,
  searchPageMax: 100,
  /** Words of a search, bytes of UTF-8. */
  searchWordsBytes: 256,
  /** Terms of a search: each of them is looked up. */
  searchTerms: 32,
  /** People whom one session watches by name. Those on the part of the list that it watches are at most a page. */
  watchedNames: CLIENT_LIMITS.watchedNames,
  /** People watched by name, and on parts of the list, of all sessions: each takes up to about 200 bytes of memory. */
  watchedPeople: 1_000_000,
  /** People whom one account blocks. It remembers ten times as many whom it has ever blocked. */
  blockedPeople: 1_000,
  /** Message ids in one STATUS or DELETED push, and in one log entry. */
  idsPerPush: CLIENT_LIMITS.idsPerPush,

  // Password hashing. A hash occupies a core for 60 ms and more, so the queue is a target of attacks.
  /** Logins that wait for a hash at the same time. */
  hashQueue: 64,
  /** Longest wait for a hash, ms: clients of the original dialect give up after 5 s. */
  hashWaitMs: 4 * SECOND,
  /** Hashes of one account at the same time. */
  hashesPerAccount: 1,
  /** Hashes asked for from one address at the same time. */
  hashesPerAddress: 4,

  // Guessed passwords.
  /** Wrong passwords for one account from one address, or session, within a minute, after which these are delayed. */
  loginFailuresPerMinute: 5,
  /** First and longest delay, ms; each wrong password doubles it. Others are not delayed: that would be a weapon. */
  loginDelayMs: 1 * SECOND,
  loginDelayMsMax: 15 * MINUTE,
  /**
   * Wrong passwords for one account within an hour, and as many at once before, from all addresses that it was never
   * logged in to from: many addresses together guess no more. Half are kept for those that have guessed little.
   */
  strangerFailuresPerHour: 300,
  /**
   * Wrong passwords from one address within the window, after which it is refused for as long again; the same from a
   * known address or a session for one account.
   */
  loginFailuresPerAddress: 20,
  loginFailuresWindowMs: 10 * MINUTE,

  // Registration.
  /** New accounts from one address within an hour. */
  registrationsPerHour: 5,
  /** New accounts in total within ten minutes. */
  registrationsPerTenMinutes: 30,

  // Time limits of a connection, ms.
  /** For the TLS handshake. */
  tlsHandshakeMs: 10 * SECOND,
  /** For the header of a proxy, which sends it with the first bytes of a connection. */
  proxyHeaderMs: 5 * SECOND,
  /** For the first whole frame. */
  firstFrameMs: 30 * SECOND,
  /** From LOGIN_1 to a login, while a person types the password. */
  loginMs: 5 * MINUTE,
  /** From the first byte of a frame to its last. */
  frameCompletionMs: 10 * SECOND,
  /** Between two frames in the confirmed dialect, whose clients send a PING every 60 s. */
  idleMs: 150 * SECOND,
  /** For a reader behind the least pace to take anything at all, and for the last frames before a close. */
  writeMs: 10 * SECOND,

  // Output that waits for its readers. A reader is dropped for bytes that it does not take in time, never for the
  // number that came at once. The least pace is `outboundBytesSoft` in each `outboundSoftMs`, by default 26 KB a second.
  /** Owed to one connection, bytes on the wire: above this, it is closed if it is behind the pace for `outboundSoftMs`. */
  outboundBytesHard: 1 * MIB,
  /** Of one connection, encoded, bytes: above this, its requests wait; above a quarter, its output stays unencoded. */
  outboundBytesSoft: 256 * KIB,
  outboundSoftMs: 10 * SECOND,
  /** Memory for all connections, bytes: above this, the one that needs the most is closed first. */
  outboundBytesTotal: 256 * MIB,

  // Connections.
  /** In total. */
  connections: 10_000,
  /** Not logged in, in total: a new one replaces the oldest of the address that has the most. */
  unauthenticatedConnections: 1_024,
  /** Not logged in, from one address: the oldest give way. */
  unauthenticatedPerAddress: 16,
  /** Age from which those count, ms: people behind one address whose connections broke come back at once. */
  crowdMs: 5 * SECOND,
  /** Logged in, from one address. */
  connectionsPerAddress: 64,
  /** New ones from one address within a minute that have sent a frame; a login by token is free. */
  newConnectionsPerMinute: 60,
  /** Sessions of one account on one node. */
  sessionsPerAccount: 10,

  // Work, in units of about a tenth of a microsecond of one core: 30 for a frame and for each id that it names, 1
  // for each row looked at, for every 16 bytes read or made, and for every byte decoded in vain. Work above these
  // bounds waits, it never fails.
  /** Of one connection before the others have their turn: more than the messages that it may have in flight. */
  workPerShare: 6_000,
  /** Of all connections before the event loop is let go. */
  workPerRound: 200_000,
  /** The same for lists; also of one connection, so that each gets as much: everybody waits for about twice of it. */
  listWorkPerRound: 5_000,
  /**
   * Of the lists that one account asks for in a second, over all its sessions; of one connection before a login.
   * Whole lists of the original dialect wait for at most a second.
   */
  workPerSecond: 500_000,
  /** Of the same at once. */
  workBurst: 2_000_000,
  /** Whole lists of the original dialect in the making, of all sessions: each takes memory up to `replyBytes`. */
  wholeListsAtOnce: 4,

  // Rates of one session. Traffic above them is delayed, never dropped.
  /** Unanswered requests at which the server stops reading from the connection. */
  requestsInFlight: 128,
  /** Messages per second, and the number that may come at once. */
  messagesPerSecond: 50,
  messagesBurst: 100,
  /**
   * The number of one account that may come at once in the original dialect, over all its sessions, which share the
   * rate: its clients have no reply to wait for, and give up after 5 s.
   */
  originalMessagesBurst: 2_000,
  /** Bytes per second, and the number that may come at once. */
  bytesPerSecond: 256 * KIB,
  bytesBurst: 1 * MIB,
  /** Undecodable or unknown frames within a minute before the connection is closed. */
  badFramesPerMinute: 20,

  // What is kept for somebody: 0 means "no limit". A node judges with what it knows, so that nodes together may pass
  // a bound by what was on its way between them.
  /** Unread messages to one account: they stay in memory. */
  inboxMessages: 100_000,
  /** Contents of these, bytes of UTF-8. */
  inboxBytes: 64 * MIB,
  /**
   * Stored by one account on one day (UTC), bytes in the log: a message takes its content in JSON and 1 KiB, a login
   * or another password 1 KiB. Deleting gives nothing back.
   */
  storedBytes: 256 * MIB,

  // Login tokens.
  /** Tokens of one account: a new one replaces the oldest. */
  tokensPerAccount: 20,
  /** Time without use after which a token is void, days. */
  tokenUnusedDays: 30,

  // True if loopback addresses are exempt from the limits per address.
  loopbackExempt: true,
};

/** Every bound, with the values of the configuration in place of the defaults. */
export type Limits = {
  readonly [K in keyof typeof DEFAULT_LIMITS]: (typeof DEFAULT_LIMITS)[K] extends boolean ? boolean : number;
};
