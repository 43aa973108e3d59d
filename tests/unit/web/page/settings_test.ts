import { assertEquals } from "@std/assert";
import { type Settings, settingsOf } from "../../../../client/web/page/settings.ts";

const DEFAULTS: Settings = { notifications: "off", enterSends: true, theme: "system" };

Deno.test("settingsOf() reads what was kept, and takes the default for each part that is not readable", () => {
  const set: Settings = { notifications: "withText", enterSends: false, theme: "dark" };
  assertEquals(settingsOf(JSON.parse(JSON.stringify(set))), set);
  const unreadable = [undefined, null, 7, "x", [], {}, { notifications: 1, enterSends: "no", theme: "pink" }];
  for (const each of unreadable) assertEquals(settingsOf(each), DEFAULTS);
  assertEquals(settingsOf({ theme: "light", enterSends: 0 }), { ...DEFAULTS, theme: "light" });
  console.log(`${unreadable.length + 2} kept settings read`);
});
