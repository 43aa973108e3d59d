/**
 * Every bound of the system: its name, its unit and its reason. The names are the keys under `limits` in
 * the configuration. A rate of 0 means "no limit".
 *
 * @module
 */

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The defaults. Counts, bytes and milliseconds; a name says which. */
export const DEFAULT_LIMITS = {
  // What a frame may be. The announced length is checked before anything is allocated.
  /** Payload of a request before login, bytes. A login needs a name or a password, nothing longer. */
  frameBytesBeforeLogin: 4 * KIB,
  /** Payload of a request after login, bytes; also where a page of the confirmed dialect ends. */
  frameBytes: 256 * KIB,
  /** Payload of a reply of the original dialect, which has no pages, bytes. */
  replyBytes: 16 * MIB,
  /** Nesting of values: a naive recursion overflows the stack long before a frame is full. */
  valueDepth: 16,
  /** Items of one list in a request. */
  listItems: 4_096,
  /** Keys of one dictionary in a request. */
  dictionaryKeys: 64,

  // What people may say.
  /** Content of a message, bytes of UTF-8. */
  contentBytes: 16 * KIB,
  /** Password, bytes of UTF-8: shorter ones are guessed. */
  passwordBytesMin: 8,
  /** Password, bytes of UTF-8: bcrypt does not look at what follows. */
  passwordBytesMax: 72,

  // Pages.
  /** Messages of a page unless the request says otherwise; the most it may ask for. */
  messagesPage: 50,
  messagesPageMax: 500,
  /** The same for users and chats. */
  usersPage: 100,
  usersPageMax: 500,
  /** Message ids in one STATUS or DELETED push, and in one log entry. */
  idsPerPush: 1_000,

  // Password hashing. A hash takes a core for 60 ms and more, so the queue is what an attacker would fill.
  /** Logins that wait for a hash at the same time. */
  hashQueue: 64,
  /** How long one waits at most, ms: clients of the original dialect give up after 5 s. */
  hashWaitMs: 4 * SECOND,
  /** Hashes of one account at the same time. */
  hashesPerAccount: 1,
  /** Hashes asked for from one address at the same time. */
  hashesPerAddress: 4,

  // Guessing.
  /** Wrong passwords of one account within a minute before the account's logins are delayed. */
  loginFailuresPerMinute: 5,
  /** The delay doubles from the first to the second, ms. It is never permanent: a lockout is a weapon. */
  loginDelayMs: 1 * SECOND,
  loginDelayMsMax: 15 * MINUTE,
  /** Wrong passwords from one address within the window before it is refused for as long again. */
  loginFailuresPerAddress: 20,
  loginFailuresWindowMs: 10 * MINUTE,

  // Registration.
  /** New accounts from one address within an hour. */
  registrationsPerHour: 5,
  /** New accounts in total within ten minutes. */
  registrationsPerTenMinutes: 30,

  // Time that a connection has, ms.
  /** For the TLS handshake. */
  tlsHandshakeMs: 10 * SECOND,
  /** For the first whole frame. */
  firstFrameMs: 30 * SECOND,
  /** From LOGIN_1 to a login: a person types the password meanwhile. */
  loginMs: 5 * MINUTE,
  /** From the first byte of a frame to its last. */
  frameCompletionMs: 10 * SECOND,
  /** Without a frame, confirmed dialect: its clients send a PING every 60 s. */
  idleMs: 150 * SECOND,
  /** For one write to be taken by the other end's kernel. */
  writeMs: 10 * SECOND,

  // Bytes that wait for a reader.
  /** Of one connection: over this it is closed at once. */
  outboundBytesHard: 1 * MIB,
  /** Of one connection: over this for longer than `outboundSoftMs` it is closed. */
  outboundBytesSoft: 256 * KIB,
  outboundSoftMs: 10 * SECOND,
  /** Of all connections: over this the one with the longest queue is closed first. */
  outboundBytesTotal: 256 * MIB,

  // Connections.
  /** In total. */
  connections: 10_000,
  /** Not logged in, in total: the oldest gives way to a new one. */
  unauthenticatedConnections: 1_024,
  /** Not logged in, of one address. */
  unauthenticatedPerAddress: 16,
  /** Logged in, of one address. */
  connectionsPerAddress: 64,
  /** New ones of one address within a minute. */
  newConnectionsPerMinute: 60,
  /** Sessions of one account on one node. */
  sessionsPerAccount: 10,

  // Rates of one session: what is over them is delayed, never dropped.
  /** Requests that wait for their reply before the connection is no longer read. */
  requestsInFlight: 128,
  /** Messages, and how many may come at once. */
  messagesPerSecond: 50,
  messagesBurst: 100,
  /** Bytes, and how many may come at once. */
  bytesPerSecond: 256 * KIB,
  bytesBurst: 1 * MIB,
  /** Undecodable or unknown frames within a minute before the connection is closed. */
  badFramesPerMinute: 20,

  // Login tokens.
  /** Of one account: the oldest gives way to a new one. */
  tokensPerAccount: 20,
  /** Void when unused for this long, days. */
  tokenUnusedDays: 30,

  // What does not count against loopback addresses unless this is false: the bounds per address.
  loopbackExempt: true,
};

/** Every bound, with the configuration's own values in place of the defaults. */
export type Limits = {
  readonly [K in keyof typeof DEFAULT_LIMITS]: (typeof DEFAULT_LIMITS)[K] extends boolean ? boolean : number;
};
