/**
 * Parts that are drawn again only if something in them has changed.
 *
 * @module
 */

import { Component, type VNode } from "preact";

/** A part, and the values that it is drawn from. */
interface KeptProps {
  readonly values: readonly unknown[];
  readonly draw: () => VNode;
}

/** Draws again only if one of the values is another one: long lists cost as much as their changes. */
export class Kept extends Component<KeptProps> {
  override shouldComponentUpdate({ values }: KeptProps): boolean {
    return values.some((value, index) => value !== this.props.values[index]);
  }

  override render(): VNode {
    return this.props.draw();
  }
}
