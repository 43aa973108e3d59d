import { assertEquals, assertStringIncludes } from "@std/assert";
import { COMMANDS, findCommand } from "../../../client/terminal/commands/commands.ts";
import { complete } from "../../../client/terminal/commands/completion.ts";
import { FakeClient, told } from "./fake_client.ts";

function found(name: string, acting = true): string {
  const command = findCommand(name, acting);
  return typeof command === "string" ? command : command.name;
}

Deno.test("findCommand() knows names, aliases and unique prefixes", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["chat", "chat"],
    ["c", "chat"],
    ["r", "reply"],
    ["hi", "history"],
    ["HE", "help"],
    ["w", "who"],
    ["quit", "quit"],
  ];
  for (const [name, command] of cases) assertEquals(found(name), command);
});

Deno.test("findCommand() refuses what is not clear", () => {
  assertEquals(found("re"), "/re can be /reply, /read, /register");
  assertEquals(found("log"), "/log can be /login, /logout");
  assertEquals(found("histroy"), "there is no command /histroy; did you mean /history?");
  assertEquals(found("xyzzy"), "there is no command /xyzzy");
});

Deno.test("findCommand() wants what is destructive in full", () => {
  assertEquals(found("delete"), "delete");
  assertEquals(found("delete-account"), "delete-account");
  assertEquals(found("delete-a"), "/delete-account must be typed in full, because it deletes");
  for (const command of COMMANDS.filter((each) => each.destructive)) {
    for (let length = 1; length < command.name.length; length++) {
      const prefix = command.name.slice(0, length);
      assertEquals(found(prefix) === command.name, false, prefix);
    }
  }
});

Deno.test("every command has a name of its own and a help", () => {
  const names = COMMANDS.flatMap((each) => each.alias === undefined ? [each.name] : [each.name, each.alias]);
  assertEquals(new Set(names).size, names.length);
  const client = new FakeClient();
  client.line("/help");
  const help = client.said().join("\n");
  for (const command of COMMANDS) {
    assertStringIncludes(help, `/${command.name}`);
    client.line(`/help ${command.name}`);
    assertStringIncludes(client.said().join("\n"), command.help);
  }
});

Deno.test("the commands of the specification are all there", () => {
  const specified =
    "msg chat reply block unblock blocked chats users who history search more show unread read delete register login logout password " +
    "delete-account status node notify mute help quit";
  for (const name of specified.split(" ")) assertEquals(found(name), name);
});

Deno.test("commands that are misused say how they are used, and ask nothing", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  for (
    const line of [
      "/msg",
      "/msg bob",
      "/chat",
      "/chat a b",
      "/block",
      "/unblock bob carl",
      "/history x",
      "/show",
      "/notify perhaps",
      "/mute bob on",
      "/show #a1 #a2",
      "/history 0",
      "/delete",
      "/login",
      "/search",
      "/search from bob",
    ]
  ) {
    client.line(line);
    assertStringIncludes(client.said().join("\n"), "usage: /");
  }
  assertEquals(client.asked, []);
});

Deno.test("/node names the nodes, and goes on with another", () => {
  const client = new FakeClient();
  client.login();
  client.line("/node");
  client.line("/node node1");
  client.line("/node nod2");
  client.line("/node NODE2");
  assertEquals(client.effects.at(-1), { kind: "moveTo", node: "node2" });
  assertEquals(client.said(), [
    "* node1 127.0.0.1:5000",
    "  node2 127.0.0.1:5001",
    "-- node1 is the node you are connected to",
    '!! there is no node nod2; the nodes are node1, node2; did you mean "node2"?',
  ]);
});

Deno.test("/node says when the node that was wanted is not the one that answers", () => {
  const client = new FakeClient();
  client.login();
  client.line("/node node2");
  client.disconnect("going on with node2");
  client.connect("node1");
  client.disconnect();
  client.connect("node1");
  assertEquals(client.said(), [
    "-- lost node1 (going on with node2); looking for a node",
    "-- connected to node1; node2 is not there",
    "-- lost node1 (connection reset); looking for a node",
    "-- connected to node1",
  ]);
});

Deno.test("/users and /who list users, /chats the unread ones first", () => {
  const client = new FakeClient();
  client.login();
  client.line("/users b*");
  const users = [{ name: "bea", unread: 0, online: false }, { name: "bob", unread: 2, online: true }];
  assertEquals(client.reply("listUsers", "users", { users, more: false }).payload, {
    limit: 500,
    match: "b*",
  });
  client.line("/who");
  client.reply("listUsers", "users", { users, more: false });
  client.line("/chats");
  const chat = (
    name: string,
    unread: number,
  ): { with: string; unread: number; last: ReturnType<typeof told> } => ({
    with: name,
    unread,
    last: told(1, name, "alice"),
  });
  client.reply("listChats", "chats", { chats: [chat("bea", 0), chat("bob", 2)], more: false });
  assertEquals(
    client.said().map((line) =>
      line.replaceAll(/ +/g, " ").replace(/ \d{4}-\d\d-\d\d \d\d:\d\d .*/, "").trim()
    ),
    [
      "bea",
      "bob online 2 unread",
      "bob online 2 unread",
      "bob 2 unread",
      "bea",
    ],
  );
});

Deno.test("/quit asks before what was not sent is lost", () => {
  const client = new FakeClient();
  client.login();
  client.disconnect();
  client.line("/msg bob hi");
  client.said();
  for (const answer of ["no", "", "yess"]) {
    client.line("/quit");
    assertEquals(client.prompt, "1 message would be lost; quit all the same? (yes or no) ");
    client.give({ kind: "answer", text: answer });
    assertEquals(client.said(), ["-- going on; /status says what waits"]);
  }
  client.line("/quit");
  client.give({ kind: "cancel" });
  assertEquals(client.said(), ["-- going on; /status says what waits"]);
  client.line("/quit");
  client.give({ kind: "answer", text: "Y" });
  assertEquals(client.said(), ["!! not sent: 1 queued message", "leave 3"]);
});

Deno.test("complete() completes commands, names, ids and nodes", () => {
  const client = new FakeClient();
  client.login();
  client.push(told(1, "bob", "alice"));
  client.push(told(2, "bobby", "alice"));
  client.push(told(3, "carol", "alice"));
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["/he", "/help ", []],
    ["/l", "/log", ["/login", "/logout"]],
    ["/chat c", "/chat carol ", []],
    ["/c B", "/c bob", ["bob", "bobby"]],
    ["/delete #", "/delete #a", ["#a3", "#a2", "#a1"]],
    ["/delete #a1 #a", "/delete #a1 #a", ["#a3", "#a2", "#a1"]],
    ["/node node2", "/node node2 ", []],
    ["/help unr", "/help unread ", []],
    ["/msg bob b", "/msg bob b", []],
    ["bo", "bo", []],
    ["", "", []],
  ];
  for (const [text, completed, candidates] of cases) {
    assertEquals(complete(client.model, text), { text: completed, candidates }, text);
  }
});
