/**
 * Notifications of the desktop, which some terminals show for a program.
 *
 * @module
 */

import { visibleText } from "../../../common/visible_text.ts";

/** `OSC 777 ; notify ; title ; body`, first of rxvt-unicode. */
const TITLE_AND_BODY = /^(?:foot|rxvt-unicode|xterm-ghostty|wezterm|contour)/;
/** `OSC 9 ; text`, first of iTerm2. */
const TEXT = /^(?:xterm-kitty|iterm)/i;

/** The output that shows a notification; empty for terminals that are not known to have them. */
export function notification(terminal: string, names: readonly string[]): string {
  // A semicolon would end the title.
  const text = visibleText(`new message from ${names.join(", ")}`).replaceAll(";", ",");
  if (TITLE_AND_BODY.test(terminal)) return `\x1b]777;notify;chat;${text}\x1b\\`;
  return TEXT.test(terminal) ? `\x1b]9;${text}\x1b\\` : "";
}
