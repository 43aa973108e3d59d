/**
 * The settings.
 *
 * @module
 */

import type { ComponentChildren, VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import type { Settings } from "../page/settings.ts";
import { EN } from "../texts/en.ts";
import { Back } from "./chat.tsx";
import { Choice } from "./fields.tsx";
import type { Props } from "./props.ts";

const NOTIFICATIONS: readonly Settings["notifications"][] = ["off", "withoutText", "withText"];
const THEMES: readonly Settings["theme"][] = ["system", "light", "dark"];

/** The settings. */
export function SettingsScreen({ page, act }: Props): VNode {
  const { settings } = page;
  const set = (changed: Partial<Settings>): void => act({ kind: "set", settings: changed });
  return (
    <section class="screen" aria-labelledby="screen-name">
      <ScreenHead page={page} act={act} name={EN.settings.heading} />
      <div class="page-text">
        <Part name={EN.settings.notifications}>
          {NOTIFICATIONS.map((each) => (
            <Choice
              key={each}
              name="notifications"
              isChosen={settings.notifications === each}
              choose={() => set({ notifications: each })}
            >
              {EN.settings.notificationKinds[each]}
            </Choice>
          ))}
          <p class="hint">{page.wasForbidden ? EN.settings.forbidden : EN.settings.notificationsHint}</p>
        </Part>
        {/* On a touch screen, Enter always begins a line. */}
        {!page.isTouch && <SendingPart settings={settings} set={set} />}
        <Part name={EN.settings.theme}>
          {THEMES.map((each) => (
            <Choice
              key={each}
              name="theme"
              isChosen={settings.theme === each}
              choose={() => set({ theme: each })}
            >
              {EN.settings.themes[each]}
            </Choice>
          ))}
        </Part>
        <AccountPart page={page} act={act} />
      </div>
    </section>
  );
}

interface SendingProps {
  readonly settings: Settings;
  readonly set: (changed: Partial<Settings>) => void;
}

function SendingPart({ settings, set }: SendingProps): VNode {
  return (
    <Part name={EN.settings.sending}>
      <label class="choice">
        <input
          type="checkbox"
          checked={settings.enterSends}
          onChange={(event) => set({ enterSends: event.currentTarget.checked })}
        />
        <span>{EN.settings.enterSends}</span>
      </label>
      <p class="hint">{EN.settings.enterHint}</p>
    </Part>
  );
}

/** The head of a screen beside the lists. */
export function ScreenHead({ page, act, name }: Props & { readonly name: string }): VNode {
  return (
    <header class="head-bar">
      <Back page={page} act={act} />
      <span class="head-text">
        <h2 id="screen-name" tabIndex={-1}>{name}</h2>
      </span>
    </header>
  );
}

function Part({ name, children }: { readonly name: string; readonly children: ComponentChildren }): VNode {
  return (
    <fieldset class="part">
      <legend>{name}</legend>
      {children}
    </fieldset>
  );
}

function AccountPart({ page, act }: Props): VNode {
  return (
    <Part name={EN.settings.account}>
      <p>{EN.settings.loggedInAs(visibleText(page.model.account?.name ?? ""))}</p>
      <div class="buttons">
        <button type="button" class="plain" onClick={() => act({ kind: "askForPassword" })}>
          {EN.dialogs.changePassword}
        </button>
        <button type="button" class="plain" onClick={() => act({ kind: "logOut" })}>{EN.menu.logOut}</button>
        <button type="button" class="plain danger" onClick={() => act({ kind: "askToDeleteAccount" })}>
          {EN.dialogs.deleteAccount}
        </button>
      </div>
    </Part>
  );
}
