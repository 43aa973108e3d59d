/**
 * The whole page.
 *
 * @module
 */

import { Fragment, h, type VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import { isInMain } from "../page/menus.ts";
import { isEntered } from "../page/page.ts";
import { EN } from "../texts/en.ts";
import { AboutScreen } from "./about.tsx";
import { Banner } from "./banner.tsx";
import { ChatScreen } from "./chat.tsx";
import { Dialogs } from "./dialogs.tsx";
import { Icon } from "./icons.tsx";
import { Lists } from "./lists.tsx";
import { Login } from "./login.tsx";
import type { Props } from "./props.ts";
import { SettingsScreen } from "./settings.tsx";
import { HeardLog, ToldList } from "./told.tsx";

/** The whole page. */
export function App({ page, act }: Props): VNode {
  const isIn = isEntered(page);
  return (
    <div class="app" data-theme={page.settings.theme} data-front={isIn && isInMain(page) ? "main" : "lists"}>
      <header class="hidden">
        <h1 id="page-name" tabIndex={-1}>{EN.name}</h1>
      </header>
      <Banner page={page} act={act} />
      {isIn ? <Inside page={page} act={act} /> : <Login page={page} act={act} />}
      <ToldList page={page} act={act} />
      <HeardLog page={page} />
      <Dialogs page={page} act={act} />
    </div>
  );
}

/** The page of somebody who is logged in. */
function Inside({ page, act }: Props): VNode {
  return (
    <div class="inside">
      <Lists page={page} act={act} />
      <main class="main">
        <Screen page={page} act={act} />
      </main>
      {page.menu !== undefined && <div class="backdrop" onClick={() => act({ kind: "closeMenu" })} />}
    </div>
  );
}

function Screen({ page, act }: Props): VNode {
  const { route: { kind }, opened } = page;
  const isCovered = kind === "settings" || kind === "about";
  return (
    <>
      {opened !== undefined && <ChatScreen page={page} act={act} opened={opened} isCovered={isCovered} />}
      {kind === "settings" && <SettingsScreen page={page} act={act} />}
      {kind === "about" && <AboutScreen page={page} act={act} />}
      {opened === undefined && !isCovered && <NoChat page={page} />}
    </>
  );
}

function NoChat({ page }: Pick<Props, "page">): VNode {
  return (
    <section class="screen nothing">
      <Icon name="chats" />
      <h2 id="screen-name" tabIndex={-1}>{absenceOf(page)}</h2>
      <p>{EN.chat.noneHint}</p>
    </section>
  );
}

/** The reason why no chat is open. */
function absenceOf({ route, nobody }: Props["page"]): string {
  if (nobody !== undefined) return EN.chat.nobody(visibleText(nobody));
  if (route.kind !== "chat" || route.account === undefined) return EN.chat.none;
  return EN.chat.gone(visibleText(route.name));
}
