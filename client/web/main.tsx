/**
 * The page in the browser: builds the parts, and draws them.
 *
 * @module
 */

import { render } from "preact";
import { newModel } from "../core/model.ts";
import { act } from "./page/act.ts";
import type { News, Order } from "./page/actions.ts";
import { hear } from "./page/hear.ts";
import { newPage } from "./page/page.ts";
import { App } from "./view/app.tsx";

const page = newPage(
  newModel({ script: false, receives: true, creates: false, saves: true }),
  Date.now() / 1_000,
);

function draw(): void {
  render(<App page={page} act={(action) => obey(act(page, action))} />, document.body);
}

function tell(news: News): void {
  obey(hear(page, news));
}

function obey(orders: readonly Order[]): void {
  for (const order of orders) console.debug(order.kind);
  draw();
}

tell({ kind: "ring" });
