/**
 * The pages of the port for metrics: which of them a request asks for, or why there is none.
 *
 * @module
 */

import { type HttpAnswer, type HttpRequest, lineAnswer } from "../http/http_message.ts";

/** A page of the port. */
type Page = "metrics" | "live" | "ready";

const PAGES: ReadonlyMap<string, Page> = new Map([
  ["/metrics", "metrics"],
  ["/live", "live"],
  ["/ready", "ready"],
]);

const METHODS = ["GET", "HEAD"];

/** The page that a request asks for, or its refusal. */
export function pageOf({ method, path, body }: HttpRequest): Page | HttpAnswer {
  const page = PAGES.get(path);
  if (page === undefined) {
    return lineAnswer(404, `there are ${[...PAGES.keys()].join(", ")} and nothing else`);
  }
  if (!METHODS.includes(method)) {
    return {
      ...lineAnswer(405, `this port answers ${METHODS.join(" and ")} only`),
      headers: { allow: METHODS.join(", ") },
    };
  }
  return body === "" ? page : lineAnswer(413, "this port takes no requests with a body");
}

/** The answer to /ready. @param problem the reason that clients are not served; `undefined` while they are */
export function readyAnswer(problem: string | undefined): HttpAnswer {
  return problem === undefined ? lineAnswer(200, "ready") : lineAnswer(503, problem);
}
