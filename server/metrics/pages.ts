/**
 * The pages of the port for metrics: which of them a request asks for, or why there is none.
 *
 * @module
 */

import { hasBody, type HttpAnswer, type HttpRequest } from "../http/http_message.ts";

/** A page of the port. */
type Page = "metrics" | "live" | "ready";

const PAGES: ReadonlyMap<string, Page> = new Map([
  ["/metrics", "metrics"],
  ["/live", "live"],
  ["/ready", "ready"],
]);

const METHODS = ["GET", "HEAD"];

/** The page that a request asks for, or its refusal. @param request `undefined` if it is no HTTP/1 */
export function pageOf(request: HttpRequest | undefined): Page | HttpAnswer {
  if (request === undefined) return line(400, "this is HTTP/1.1");
  const page = PAGES.get(request.path);
  if (page === undefined) return line(404, `there are ${[...PAGES.keys()].join(", ")} and nothing else`);
  if (!METHODS.includes(request.method)) {
    return {
      ...line(405, `this port answers ${METHODS.join(" and ")} only`),
      headers: { allow: METHODS.join(", ") },
    };
  }
  return hasBody(request) ? line(413, "this port takes no requests with a body") : page;
}

/** The answer to /ready. @param problem the reason that clients are not served; `undefined` while they are */
export function readyAnswer(problem: string | undefined): HttpAnswer {
  return problem === undefined ? line(200, "ready") : line(503, problem);
}

/** An answer of one line. */
export function line(status: HttpAnswer["status"], text: string): HttpAnswer {
  return { status, type: "text/plain; charset=utf-8", body: `${text}\n` };
}
