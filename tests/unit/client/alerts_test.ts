import { assertEquals } from "@std/assert";
import { Alerts } from "../../../client/terminal/alerts.ts";
import { notification } from "../../../client/terminal/display/notification.ts";
import { FakeClient } from "./fake_client.ts";

function chats(...names: readonly string[]): readonly ReturnType<FakeClient["model"]["chats"]["with"]>[] {
  const { model } = new FakeClient();
  return names.map((name) => model.chats.with(name));
}

Deno.test("Alerts.due() is once for a burst, however long it takes, and again after a pause", () => {
  const alerts = new Alerts();
  const bob = chats("bob");
  const rings = (timesMs: readonly number[]): number =>
    timesMs.filter((ms) => alerts.due(bob, ms).length > 0).length;
  assertEquals(rings(Array.from({ length: 60 }, (_, i) => i * 100)), 1);
  assertEquals(rings([7_000]), 0);
  assertEquals(rings([9_000, 11_000]), 2);
  // A conversation without a pause rings every 30 s.
  assertEquals(rings(Array.from({ length: 61 }, (_, i) => 20_000 + i * 1_000)), 3);
});

Deno.test("Alerts.obey() turns alerts off and on, of all or of one chat", () => {
  const [bob, carol] = chats("bob", "carol");
  if (bob === undefined || carol === undefined) throw new Error("there are no chats");
  const alerts = new Alerts();
  alerts.obey({ kind: "mute", chat: bob, isMuted: true });
  assertEquals(alerts.obey({ kind: "muted" }), "muted: bob");
  assertEquals(alerts.due([bob], 0), []);
  assertEquals(alerts.due([bob, carol], 0), [carol]);
  alerts.obey({ kind: "notify", isOn: false });
  assertEquals(alerts.due([carol], 100_000), []);
  assertEquals(alerts.obey({ kind: "notify", isOn: undefined }), "nothing rings; /notify on changes that");
  alerts.obey({ kind: "notify", isOn: true });
  alerts.obey({ kind: "mute", chat: bob, isMuted: false });
  assertEquals(alerts.due([bob], 200_000), [bob]);
});

Deno.test("notification() is for terminals that have it, and harmless", () => {
  assertEquals(
    notification("foot", ["bob", "carol"]),
    "\x1b]777;notify;chat;new message from bob, carol\x1b\\",
  );
  assertEquals(notification("xterm-kitty", ["bob"]), "\x1b]9;new message from bob\x1b\\");
  for (const terminal of ["", "xterm-256color", "tmux-256color", "linux"]) {
    assertEquals(notification(terminal, ["bob"]), "");
  }
  assertEquals(notification("foot", ["a;b\x07"]), "\x1b]777;notify;chat;new message from a,b\\u{7}\x1b\\");
});
