/**
 * Parses `web` of a node: the port of its page.
 *
 * @module
 */

import { isLoopback } from "../core/address.ts";
import { readBlocks } from "./address_blocks.ts";
import { besideFile, PEM_FILE } from "./beside_file.ts";
import { type Fields, shown, type TextForm } from "./fields.ts";
import { defaultPageUrl, type HostAndPort, type WebSettings } from "./node_configuration.ts";

/** The fields of the section. */
export const WEB_KEYS: readonly string[] = ["host", "port", "url", "cert", "key", "trustedProxies"];

const URL_FORM: TextForm = {
  pattern: /^https?:\/\/[^\p{C}\s]{1,500}$/u,
  what: 'the address that people type, as in "https://chat.example.org/", of at most 500 characters',
};

/** Names and addresses; a header of every answer has them between other words. */
const URL_HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/;

/**
 * Reads the section.
 *
 * @param address its host and port, read already
 * @param fileName the configuration file: relative paths begin beside it
 */
export function readWeb(fields: Fields, address: HostAndPort, fileName: string): WebSettings {
  const files = readFiles(fields, fileName);
  return {
    ...address,
    ...files,
    url: readUrl(fields, { ...address, ...files }),
    trustedProxies: readBlocks(fields, "trustedProxies"),
  };
}

/** Reads certificate and key, of which neither is of use without the other. */
function readFiles(fields: Fields, fileName: string): Pick<WebSettings, "certFile" | "keyFile"> {
  const given = ["cert", "key"].filter((key) => fields.has(key));
  const [only] = given;
  if (only === undefined) return {};
  if (given.length === 1) {
    const other = only === "cert" ? "key" : "cert";
    fields.problems.push(
      `${fields.pathOf(other)} is missing, and ${
        fields.pathOf(only)
      } is given; give both for TLS, or neither`,
    );
    return {};
  }
  return {
    certFile: besideFile(fields.text("cert", PEM_FILE), fileName),
    keyFile: besideFile(fields.text("key", PEM_FILE), fileName),
  };
}

function readUrl(fields: Fields, web: Omit<WebSettings, "url" | "trustedProxies">): string {
  if (!fields.has("url")) {
    if (web.host !== "" && !isLoopback(web.host)) {
      fields.problems.push(
        `${
          fields.pathOf("url")
        } is missing, and the page is served on ${web.host}, beyond this machine; give ` +
          URL_FORM.what,
      );
    }
    return defaultPageUrl(web);
  }
  const text = fields.text("url", URL_FORM);
  if (text === "") return "";
  const url = URL.parse(text);
  const problem = urlProblem(url, text, web.certFile !== undefined);
  if (problem === undefined && url !== null) return normalised(url);
  fields.problems.push(`${fields.pathOf("url")} is ${shown(text)} and ${problem}`);
  return "";
}

function urlProblem(url: URL | null, text: string, isSecure: boolean): string | undefined {
  if (url === null || !URL_HOST.test(url.hostname)) return `must be ${URL_FORM.what}`;
  if (url.username !== "" || url.password !== "") return "must have no name and password in it";
  if (/[?#]/.test(text)) return "must end with its path, without ? and #";
  if (isSecure && url.protocol !== "https:") {
    return 'must begin with https, because the port has TLS; change it, or leave "cert" and "key" out';
  }
  return undefined;
}

/** With a slash at the end of its path, below which the files of the page are. */
function normalised(url: URL): string {
  return url.pathname.endsWith("/") ? url.href : `${url.href}/`;
}
