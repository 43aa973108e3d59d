/**
 * The settings of a person in one browser.
 *
 * @module
 */

/** The settings of a person in one browser. */
export interface Settings {
  /** Notifications: none, those that only say who wrote, or those with the text. */
  readonly notifications: "off" | "withoutText" | "withText";
  /** True if Enter sends; otherwise it begins a line, and Ctrl or Cmd with Enter sends. */
  readonly enterSends: boolean;
  readonly theme: "system" | "light" | "dark";
}

/** The settings of somebody who has set nothing. */
const DEFAULT_SETTINGS: Settings = { notifications: "off", enterSends: true, theme: "system" };

const NOTIFICATIONS: readonly Settings["notifications"][] = ["off", "withoutText", "withText"];
const THEMES: readonly Settings["theme"][] = ["system", "light", "dark"];

/** Settings as they were kept; a part that cannot be read is as nobody has set it. */
export function settingsOf(kept: unknown): Settings {
  const fields = (typeof kept === "object" && kept !== null ? kept : {}) as Readonly<Record<string, unknown>>;
  const { notifications, enterSends, theme } = DEFAULT_SETTINGS;
  return {
    notifications: NOTIFICATIONS.find((each) => each === fields["notifications"]) ?? notifications,
    enterSends: typeof fields["enterSends"] === "boolean" ? fields["enterSends"] : enterSends,
    theme: THEMES.find((each) => each === fields["theme"]) ?? theme,
  };
}
