import { assertEquals } from "@std/assert";
import { parseBlock } from "../../../server/core/address_block.ts";
import { clientAddress, hostProblem, originProblem } from "../../../server/web/origin.ts";

const ADDRESSES = {
  own: new URL("https://chat.example.org/talk/"),
  others: [new URL("https://b.example.org/"), new URL("http://192.0.2.7:5081/")],
};

/** Values of `Host`, and whether they are let in. */
const HOSTS: readonly (readonly [string | undefined, boolean])[] = [
  ["chat.example.org", true],
  ["CHAT.example.ORG", true],
  ["chat.example.org.", true],
  ["chat.example.org:8443", true],
  ["b.example.org", true],
  ["localhost", true],
  ["localhost:5080", true],
  ["127.0.0.1", true],
  ["127.0.0.1:5080", true],
  ["192.0.2.99", true],
  ["[::1]:5080", true],
  ["[2001:db8::1]", true],
  ["evil.example", false],
  ["chat.example.org.evil.example", false],
  ["evil.example:5080", false],
  ["localhost.evil.example", false],
  ["127.0.0.1.evil.example", false],
  ["1.2.3", false],
  ["0x7f000001", false],
  ["chat.example.org@evil.example", false],
  ["chat.example.org/evil", false],
  ["chat.example.org, evil.example", false],
  ["chat.example.org:port", false],
  ["[::1", false],
  ["", false],
  [" ", false],
  [undefined, false],
];

Deno.test("hostProblem() lets in the names of configured addresses, IP addresses and localhost", () => {
  for (const [host, isIn] of HOSTS) {
    const problem = hostProblem(host, ADDRESSES);
    assertEquals(problem === undefined, isIn, `${host}: ${problem}`);
  }
  assertEquals(
    hostProblem("evil.example", ADDRESSES),
    `"evil.example" is no name of this node; it serves https://chat.example.org/talk/ ("web" "url" in its configuration)`,
  );
  console.log(`${HOSTS.length} hosts`);
});

/** Values of `Origin` and `Host`, and whether the page may open a WebSocket. */
const ORIGINS: readonly (readonly [string | undefined, string, boolean])[] = [
  [undefined, "127.0.0.1:5080", true],
  ["https://chat.example.org", "127.0.0.1:5080", true],
  ["https://b.example.org", "chat.example.org", true],
  ["http://192.0.2.7:5081", "chat.example.org", true],
  ["http://127.0.0.1:5080", "127.0.0.1:5080", true],
  ["http://localhost:5080", "localhost:5080", true],
  ["http://[::1]:5080", "[::1]:5080", true],
  // Behind a proxy that takes the TLS off.
  ["https://talk.lan", "talk.lan", true],
  ["https://talk.lan", "talk.lan:443", true],
  ["http://talk.lan", "talk.lan:80", true],
  ["http://localhost:5081", "localhost:5080", false],
  ["http://127.0.0.1:5080", "localhost:5080", false],
  ["http://chat.example.org:8080", "127.0.0.1:5080", false],
  ["http://b.example.org", "chat.example.org", false],
  ["https://evil.example", "chat.example.org", false],
  ["https://chat.example.org.evil.example", "chat.example.org", false],
  ["https://evil.example/chat.example.org", "chat.example.org", false],
  ["null", "chat.example.org", false],
  ["", "chat.example.org", false],
  ["file://", "chat.example.org", false],
  ["ws://chat.example.org", "chat.example.org", false],
  ["https://", "chat.example.org", false],
  ["https://chat.example.org", "", true],
];

Deno.test("originProblem() lets in the pages of the cluster and the page of the same host, and nobody else's", () => {
  for (const [origin, host, isIn] of ORIGINS) {
    const problem = originProblem(origin, host, { ...ADDRESSES, isSecure: false });
    assertEquals(problem === undefined, isIn, `${origin} at ${host}: ${problem}`);
  }
  console.log(`${ORIGINS.length} origins`);
});

Deno.test("originProblem() lets no page without TLS in at a port with TLS, unless its address is configured", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["https://127.0.0.1:5080", "127.0.0.1:5080", true],
    ["http://127.0.0.1:5080", "127.0.0.1:5080", false],
    ["https://talk.lan", "talk.lan", true],
    ["http://talk.lan", "talk.lan", false],
    ["http://talk.lan:443", "talk.lan:443", false],
    ["https://chat.example.org", "127.0.0.1:5080", true],
    ["http://chat.example.org", "chat.example.org", false],
    ["http://192.0.2.7:5081", "chat.example.org", true],
  ];
  for (const [origin, host, isIn] of cases) {
    const problem = originProblem(origin, host, { ...ADDRESSES, isSecure: true });
    assertEquals(problem === undefined, isIn, `${origin} at ${host}: ${problem}`);
  }
  console.log(`${cases.length} origins`);
});

/** Address of the connection, `X-Forwarded-For`, and the client's address. */
const FORWARDED: readonly (readonly [string, string | undefined, string])[] = [
  ["203.0.113.1", undefined, "203.0.113.1"],
  ["203.0.113.1", "198.51.100.1", "203.0.113.1"],
  ["10.0.0.5", undefined, "10.0.0.5"],
  ["10.0.0.5", "198.51.100.1", "198.51.100.1"],
  ["::ffff:10.0.0.5", "198.51.100.1", "198.51.100.1"],
  ["10.0.0.5", "6.6.6.6, 198.51.100.1", "198.51.100.1"],
  ["10.0.0.5", "6.6.6.6, 198.51.100.1, 10.0.0.9", "198.51.100.1"],
  ["10.0.0.5", "198.51.100.1:4711", "198.51.100.1"],
  ["10.0.0.5", "2001:db8::7", "2001:db8::7"],
  ["10.0.0.5", "[2001:db8::7]:4711", "2001:db8::7"],
  ["10.0.0.5", "10.0.0.7, 10.0.0.9", "10.0.0.5"],
  ["10.0.0.5", "unknown", "10.0.0.5"],
  ["10.0.0.5", "198.51.100.1, _hidden", "10.0.0.5"],
  ["10.0.0.5", "", "10.0.0.5"],
  ["10.0.0.5", " , ,", "10.0.0.5"],
];

Deno.test("clientAddress() believes trusted proxies only, and only what the last of them has seen", () => {
  const proxies = ["10.0.0.0/8"].flatMap((text) => parseBlock(text) ?? []);
  for (const [remote, forwardedFor, client] of FORWARDED) {
    assertEquals(clientAddress(remote, forwardedFor, proxies), client, `${remote}: ${forwardedFor}`);
  }
  console.log(`${FORWARDED.length} headers`);
});
