import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Marker, readMarker } from "../../documents/marker.ts";

const PLAIN: Marker = { folder: "project", manner: "to its end", needs: [], status: 0 };

Deno.test("readMarker() passes over blocks without a marker", () => {
  for (const info of ["", "sh", "json", "text in=project", "sh background"]) {
    assertEquals(readMarker(info), undefined, info);
  }
});

Deno.test("readMarker() reads every word", () => {
  const cases: readonly (readonly [string, Marker])[] = [
    ["in=project", PLAIN],
    ["in=executables", { ...PLAIN, folder: "executables" }],
    ["in=download", { ...PLAIN, folder: "download" }],
    ["background in=project", { ...PLAIN, manner: "in the background" }],
    ["in=project ending", { ...PLAIN, manner: "in the background, to its end" }],
    ["in=project terminal", { ...PLAIN, manner: "in a terminal", needs: ["tmux"] }],
    ["in=project needs=jq needs=npm", { ...PLAIN, needs: ["jq", "npm"] }],
    ["in=project fails=143", { ...PLAIN, status: 143 }],
  ];
  for (const [words, marker] of cases) assertEquals(readMarker(`sh runnable ${words}`), marker, words);
});

Deno.test("readMarker() says what is wrong with a marker", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["sh runnable", "in which folder?"],
    ["sh runnable background", "in which folder?"],
    ["sh runnable in=project backgruond", '"backgruond" does not belong there; a marker is: sh runnable'],
    ["sh runnable in=project toString", '"toString" does not belong there'],
    ["sh runnable in=project background terminal", '"terminal" does not belong there'],
    ["sh runnable in=project background=1", '"background=1" does not belong there'],
    ["sh runnable in=project in=project", '"in=project" does not belong there'],
    ["sh runnable in=elsewhere", '"in=elsewhere" must name one of project, executables, download'],
    ["sh runnable in", '"in" must name one of project, executables'],
    ["sh runnable in=project needs=gold", '"needs=gold" must name one of jq, npm'],
    ["sh runnable in=project fails", '"fails" must name an exit status from 1 to 255'],
    ["sh runnable in=project fails=0", '"fails=0" must name an exit status'],
    ["sh runnable in=project fails=256", '"fails=256" must name an exit status'],
    ["sh in=project runnable", 'a marker begins with "sh runnable"'],
    ["runnable in=project", 'a marker begins with "sh runnable"'],
    ["bash runnable in=project", 'a marker begins with "sh runnable"'],
  ];
  for (const [info, says] of cases) {
    const read = readMarker(info);
    assertStringIncludes(read !== undefined && "problem" in read ? read.problem : "", says, info);
  }
});
