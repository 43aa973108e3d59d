/**
 * The files of the programs: all are sources that these checks read, all are imported, and every import names one.
 *
 * @module
 */

import ts from "typescript";
import { PURE_ROOMS } from "./coverage.ts";
import type { Check, House, HouseFile } from "./house.ts";
import { importCheck } from "./room_checks.ts";
import { ENTRY_POINTS, roomOf, ROOMS } from "./rooms.ts";

/** Folders of the programs. */
const PROGRAMS = /^(common|server|client|bench|demo|packaging)\//;

/** Files in the folders of the programs that no code loads; the build of the page takes its own. */
const DATA = new Set([
  "packaging/prometheus/alerts.yml",
  "packaging/prometheus/prometheus.yml",
  "packaging/systemd/chat-server.service",
  "client/web/deno.json",
  "client/web/index.html",
  "client/web/style.css",
  "client/web/app.webmanifest",
  "client/web/icon.svg",
  "client/web/icon_unread.svg",
]);

/**
 * A module in another language, or under another extension, would be read by no check. Files whose names begin
 * with a dot belong to editors and systems.
 */
export const SOURCES_ALONE: Check = {
  name: "folders of the programs hold TypeScript sources alone",
  run: ({ files, others }) => {
    const sources = files.filter(({ path }) => PROGRAMS.test(path));
    const strange = others.filter((path) => PROGRAMS.test(path) && !/\/\.[^/]+$/.test(path));
    const offences = strange.filter((path) => !DATA.has(path)).map((path) => `${path} is no .ts file`);
    return { offences, checked: sources.length + strange.length, unit: "files" };
  },
};

/** An import by another spelling of a path, or of a file that is not read, would go around the walls. */
export const REAL_TARGETS: Check = {
  name: "imports name files as they are, and take text or bytes of none",
  run: (house) => {
    const sources = new Set(house.files.map(({ path }) => path));
    const check = importCheck(
      REAL_TARGETS.name,
      ({ path }) => roomOf(path) !== undefined,
      ({ path }, { target, bare, attributes }) => {
        if (target === undefined) return undefined;
        if (attributes !== undefined && !(isData(path, target) && attributes === 'type: "json"')) {
          return `imports ${target} with ${attributes}`;
        }
        return bare || sources.has(target) || isData(path, target)
          ? undefined
          : `imports ${target}, which is no source file`;
      },
    );
    return check.run(house);
  },
};

/** True for a file that is no source, or a folder, which the room of the importing file may read. */
function isData(importer: string, target: string): boolean {
  const { rooms } = ROOMS[roomOf(importer) ?? ""] ?? { rooms: [] };
  return rooms.includes(target) && !(target in ROOMS);
}

/** A file that no program imports is read, checked and kept for nothing. */
export const NO_DEAD_FILES: Check = {
  name: "every file in a room is part of a program",
  run: (house) => {
    const inRooms = house.files.filter(({ path }) => roomOf(path) !== undefined);
    const reached = reachedFrom(ENTRY_POINTS, house);
    const offences = inRooms.filter(({ path }) => !reached.has(path))
      .map(({ path }) => `${path} is imported by no program`);
    return { offences, checked: inRooms.length, unit: "files" };
  },
};

function reachedFrom(entries: readonly string[], { files }: House): ReadonlySet<string> {
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports]));
  // A set is walked in the order of its additions, those during the walk included.
  const reached = new Set(entries);
  for (const path of reached) {
    for (const { target } of importsOf.get(path) ?? []) {
      if (target !== undefined) reached.add(target);
    }
  }
  return reached;
}

/** The coverage gate asks for a file of every pure room, and a report has no file of types alone. */
export const ROOMS_RUN: Check = {
  name: "every pure room has code that the coverage gate can see",
  run: ({ files }) => {
    const pure = Map.groupBy(files, ({ path }) => roomOf(path) ?? "");
    const rooms = PURE_ROOMS.flatMap((room) => {
      const own = pure.get(room);
      return own === undefined ? [] : [{ room, files: own }];
    });
    const offences = rooms.filter((each) => !each.files.some(runs)).map(({ room }) =>
      `${room} has types alone`
    );
    return { offences, checked: rooms.reduce((sum, each) => sum + each.files.length, 0), unit: "files" };
  },
};

/** True if a file has a statement that is there when the code runs, beside its imports. */
function runs({ syntax }: HouseFile): boolean {
  return syntax.statements.some((each) =>
    !ts.isInterfaceDeclaration(each) && !ts.isTypeAliasDeclaration(each) &&
    !ts.isImportDeclaration(each) && !ts.isExportDeclaration(each)
  );
}
