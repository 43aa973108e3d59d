/**
 * The state of the connection, where it is worth a word.
 *
 * @module
 */

import { h, type VNode } from "preact";
import { visibleText } from "../../../common/visible_text.ts";
import { isOffline, waitingCount } from "../page/telling.ts";
import { EN } from "../texts/en.ts";
import { Icon } from "./icons.tsx";
import type { Props } from "./props.ts";

/** The state of the connection: above everything else, so that it never covers the composer. */
export function Banner({ page, act }: Props): VNode {
  const { loginRefusal } = page.model;
  return (
    <div class="banners">
      <div role="status">
        {isOffline(page) && <Offline page={page} act={act} />}
        <Reload page={page} act={act} />
      </div>
      <div role="alert">
        {loginRefusal !== undefined && (
          <p class="banner alert">
            <span>{visibleText(EN.banner.refused(loginRefusal))}</span>
            <button type="button" class="small" onClick={() => act({ kind: "resume" })}>
              {EN.banner.retry}
            </button>
          </p>
        )}
      </div>
    </div>
  );
}

function Offline({ page, act }: Props): VNode {
  const waiting = waitingCount(page.model);
  const { tried } = page.connection;
  const reasons = tried.map(({ place, reason }) => `${place.name ?? place.host}: ${reason}`).join("; ");
  return (
    <p class="banner" title={reasons === "" ? undefined : `${EN.banner.tried}: ${visibleText(reasons)}`}>
      <Icon name="warning" />
      <span>
        {EN.banner.offline} {waiting > 0 && EN.banner.waiting(waiting)}
      </span>
      <button type="button" class="small" onClick={() => act({ kind: "tryNow" })}>{EN.banner.tryNow}</button>
    </p>
  );
}

/** Reasons to load the page again, which only the person does. */
function Reload({ page: { connection: { added }, hasNewVersion }, act }: Props): VNode | null {
  if (added.length === 0 && !hasNewVersion) return null;
  return (
    <p class="banner calm">
      <span>{added.length > 0 ? EN.banner.added(added.map(visibleText)) : EN.banner.version}</span>
      <button type="button" class="small" onClick={() => act({ kind: "reload" })}>{EN.banner.reload}</button>
    </p>
  );
}
