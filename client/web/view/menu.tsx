/**
 * Menus.
 *
 * @module
 */

import { h, type VNode } from "preact";
import type { MenuOf } from "../page/actions.ts";
import { itemsOf, type MenuItem } from "../page/menus.ts";
import type { Page } from "../page/page.ts";
import { EN } from "../texts/en.ts";
import { Icon } from "./icons.tsx";
import type { Props } from "./props.ts";

interface MenuProps extends Props {
  readonly of: MenuOf;
  /** Name of the menu, and of a button that shows no words. */
  readonly label: string;
  /** True for a button that Tab leads to. */
  readonly isStop: boolean;
  /** Content of the button; three dots without it. */
  readonly face?: VNode;
}

/** Place of the chosen item of a menu; undefined while the menu is closed. */
export function openItemOf({ menu }: Page, of: MenuOf): number | undefined {
  return menu !== undefined && identityOf(menu.of) === identityOf(of) ? menu.item : undefined;
}

function identityOf(of: MenuOf): string {
  return `${of.kind} ${"id" in of ? of.id : "key" in of ? of.key : ""}`;
}

/** A button that opens a menu, and the menu while it is open. */
export function Menu({ page, act, of, label, isStop, face }: MenuProps): VNode {
  const item = openItemOf(page, of);
  const isOpen = item !== undefined;
  const press = (): void => act(isOpen ? { kind: "closeMenu" } : { kind: "openMenu", of });
  return (
    <span class="menu-place">
      <button
        type="button"
        class={face === undefined ? "quiet menu-button" : "quiet"}
        tabIndex={isStop ? 0 : -1}
        aria-label={face === undefined ? label : undefined}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={press}
      >
        {face ?? <Icon name="more" />}
      </button>
      {isOpen && (
        <span class="menu" role="menu" aria-label={label}>
          {itemsOf(page, of).map((each, index) => (
            <Item key={each.label} item={each} isChosen={index === item} act={act} />
          ))}
        </span>
      )}
    </span>
  );
}

interface ItemProps extends Pick<Props, "act"> {
  readonly item: MenuItem;
  readonly isChosen: boolean;
}

/** The chosen item has the focus. */
function Item({ item: { label, does }, isChosen, act }: ItemProps): VNode {
  const common = {
    role: "menuitem",
    tabIndex: -1,
    class: "menu-item",
    ...(isChosen && { id: "menu" }),
  } as const;
  const text = EN.menu[label];
  if ("hash" in does) return <a {...common} href={does.hash}>{text}</a>;
  const isDangerous = label.startsWith("delete") || label === "discard";
  return <button {...common} type="button" data-danger={isDangerous} onClick={() => act(does)}>{text}
  </button>;
}
