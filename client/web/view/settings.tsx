/**
 * The settings.
 *
 * @module
 */

import { type ComponentChildren, Fragment, h, type VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import { hashOf } from "../page/route.ts";
import type { Settings } from "../page/settings.ts";
import { EN } from "../texts/en.ts";
import { Back } from "./chat.tsx";
import type { Props } from "./props.ts";

/** The settings. */
export function SettingsScreen({ page, act }: Props): VNode {
  const { settings } = page;
  const set = (changed: Partial<Settings>): void => act({ kind: "set", settings: changed });
  return (
    <section class="screen" aria-labelledby="screen-name">
      <ScreenHead page={page} act={act} name={EN.menu.settings} />
      <div class="page-text">
        <Part name={EN.settings.notifications}>
          <Choices
            name="notifications"
            labels={EN.settings.notificationKinds}
            chosen={settings.notifications}
            choose={(notifications) => set({ notifications })}
          />
          <p class="hint">{page.wasForbidden ? EN.settings.forbidden : EN.settings.notificationsHint}</p>
        </Part>
        {/* On a touch screen, Enter always begins a line. */}
        {!page.isTouch && <SendingPart settings={settings} set={set} />}
        <Part name={EN.settings.theme}>
          <Choices
            name="theme"
            labels={EN.settings.themes}
            chosen={settings.theme}
            choose={(theme) => set({ theme })}
          />
        </Part>
        <BlockedPart names={page.model.blocked} />
        <AccountPart page={page} act={act} />
      </div>
    </section>
  );
}

interface ChoicesProps<Value extends string> {
  readonly name: string;
  /** Texts of the values, in the order in which they stand. */
  readonly labels: Readonly<Record<Value, string>>;
  readonly chosen: Value;
  readonly choose: (value: Value) => void;
}

function Choices<Value extends string>({ name, labels, chosen, choose }: ChoicesProps<Value>): VNode {
  const values = Object.keys(labels) as Value[];
  return (
    <>
      {values.map((each) => (
        <label key={each} class="choice">
          <input type="radio" name={name} checked={chosen === each} onChange={() => choose(each)} />
          <span>{labels[each]}</span>
        </label>
      ))}
    </>
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

/** Each name leads to its chat, whose menu accepts the person again. */
function BlockedPart({ names }: { readonly names: readonly string[] }): VNode | null {
  if (names.length === 0) return null;
  return (
    <Part name={EN.settings.blocked}>
      {names.map((name) => (
        <p key={name}>
          <a href={hashOf({ kind: "chat", name, account: undefined })}>{visibleText(name)}</a>
        </p>
      ))}
    </Part>
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
