/**
 * The elements of a page, and what happens when somebody uses them.
 *
 * @module
 */

import { Component, type ComponentChild, h, isValidElement } from "preact";
import type { Action } from "../../../../client/web/page/actions.ts";
import { App } from "../../../../client/web/view/app.tsx";
import type { FakePage } from "../page/fake_page.ts";

/** An element with its properties. */
export interface Element {
  readonly tag: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** Gets the element of the document once it is there. */
  readonly ref: unknown;
}

/** All elements that a page is drawn with, and the actions that come of them. */
export function elementsOfPage({ page }: FakePage): {
  readonly elements: readonly Element[];
  readonly actions: Action[];
} {
  const actions: Action[] = [];
  return { elements: elementsIn(h(App, { page, act: (action) => void actions.push(action) })), actions };
}

function elementsIn(node: unknown): readonly Element[] {
  if (Array.isArray(node)) return node.flatMap(elementsIn);
  if (!isValidElement(node)) return [];
  const { type } = node;
  const props = node.props as Readonly<Record<string, unknown>>;
  if (typeof type === "string") {
    return [{ tag: type, props, ref: node.ref }, ...elementsIn(props["children"])];
  }
  if (type.prototype instanceof Component) {
    const Class = type as unknown as new (
      props: unknown,
    ) => { readonly props: unknown; render(): ComponentChild };
    return elementsIn(new Class(props).render());
  }
  return elementsIn((type as (props: unknown) => ComponentChild)(props));
}

/** Uses an element in every way that it has. Returns the number of these ways. */
export function use({ props }: Element, text: string): number {
  const target = { value: text, checked: true };
  const event = { currentTarget: target, target, preventDefault: () => {} };
  const ways = Object.entries(props).filter(([name]) => name.startsWith("on"));
  for (const [, handle] of ways) (handle as (given: unknown) => void)(event);
  return ways.length;
}
