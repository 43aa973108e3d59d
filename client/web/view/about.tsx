/**
 * The node, the cluster, and the versions.
 *
 * @module
 */

import { Fragment, h, type VNode } from "preact";
import { VERSION } from "../../../common/version.ts";
import { visibleText } from "../../../common/visible_text.ts";
import { EN } from "../texts/en.ts";
import type { Props } from "./props.ts";
import { ScreenHead } from "./settings.tsx";

/** The node, the cluster, and the versions. */
export function AboutScreen({ page, act }: Props): VNode {
  const { node, account } = page.model;
  return (
    <section class="screen" aria-labelledby="screen-name">
      <ScreenHead page={page} act={act} name={EN.menu.about} />
      <div class="page-text">
        <dl class="facts">
          <Fact name={EN.about.account} value={account?.name ?? ""} />
          <Fact name={EN.about.node} value={node?.name ?? EN.about.offline} />
          {node !== undefined && <Fact name={EN.about.cluster} value={node.welcome.cluster} />}
          {node !== undefined && <Fact name={EN.about.server} value={node.welcome.server} />}
          <Fact name={EN.about.version} value={VERSION} />
        </dl>
        <Nodes page={page} act={act} />
        <div class="buttons">
          <button type="button" class="plain" onClick={() => act({ kind: "refreshStatus" })}>
            {EN.about.refresh}
          </button>
          <button type="button" class="plain" onClick={() => act({ kind: "showKeys" })}>
            {EN.about.keys}
          </button>
        </div>
      </div>
    </section>
  );
}

/** A fact: its name, and its value as text. */
export function Fact({ name, value }: { readonly name: string; readonly value: string }): VNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{visibleText(value)}</bdi>
      </dd>
    </>
  );
}

/** The nodes of the cluster: their state, and the way to go on with another one. */
function Nodes({ page, act }: Props): VNode | null {
  const { model: { node }, status } = page;
  if (node === undefined) return null;
  return (
    <>
      <h3>{EN.about.nodes}</h3>
      {status !== undefined && <p role="status">{EN.about.guarantee(status)}</p>}
      <ul class="nodes" role="list">
        {node.welcome.nodes.map(({ name, web }) => {
          const peer = status?.peers.find((each) => each.name === name);
          const isHere = name === node.name;
          return (
            <li key={name}>
              <span>
                <strong>{visibleText(name)}</strong>{" "}
                <small>{isHere ? EN.about.here : peer && EN.about.peer(peer)}</small>
              </span>
              {!isHere && web !== undefined && (
                <button
                  type="button"
                  class="small"
                  onClick={() => act({ kind: "moveTo", node: name })}
                >
                  {EN.about.use(visibleText(name))}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
