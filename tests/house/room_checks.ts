/**
 * The walls: every import of the programs is allowed by the table of rooms.
 *
 * @module
 */

import type { Check, House, HouseFile } from "./house.ts";
import type { Import } from "./imports.ts";
import { BUILT_PAGE, roomOf, ROOMS, THIN } from "./rooms.ts";

const PRODUCT = /^(common|server|client)\//;

/** A check of the imports in the files that `isChecked` chooses, one by one. */
export function importCheck(
  name: string,
  isChecked: (file: HouseFile) => boolean,
  offence: (file: HouseFile, imported: Import) => string | undefined,
): Check {
  const run = ({ files }: House): ReturnType<Check["run"]> => {
    const looked = files.filter(isChecked);
    const offences = looked.flatMap((file) =>
      file.imports.flatMap((imported) => {
        const found = offence(file, imported);
        return found === undefined ? [] : [`${file.path} ${found}`];
      })
    );
    const checked = looked.reduce((sum, { imports }) => sum + imports.length, 0);
    return { offences: [...new Set(offences)], checked, unit: "imports" };
  };
  return { name, run };
}

/** Every source file of the product is in a room. */
export const EVERY_FILE_HAS_A_ROOM: Check = {
  name: "every source file of the product is in a room",
  run: ({ files }) => {
    const product = files.filter(({ path }) => PRODUCT.test(path));
    const offences = product.filter(({ path }) => roomOf(path) === undefined)
      .map(({ path }) => `${path} is in no room`);
    return { offences, checked: product.length, unit: "files" };
  },
};

/** An import in any form is forbidden unless the table allows it. */
export const DOORS = importCheck(
  "rooms import only what the table of rooms allows",
  ({ path }) => roomOf(path) !== undefined,
  ({ path }, { target, bare }) => {
    const room = roomOf(path) ?? "";
    if (target === undefined) return "imports what is computed at run time";
    const { rooms, outside = [] } = ROOMS[room] ?? { rooms: [] };
    const isAllowed = bare ? outside.includes(target) : [room, ...rooms].includes(roomOf(target) ?? target);
    return isAllowed ? undefined : `imports ${target}, which ${room} may not`;
  },
);

/** Two things of the outside meet in the rooms that compose them. */
export const THIN_APART = importCheck(
  "thin rooms never import one another",
  ({ path }) => THIN.includes(roomOf(path) ?? ""),
  ({ path }, { target = "" }) => {
    const room = roomOf(target);
    return room !== undefined && room !== roomOf(path) && THIN.includes(room)
      ? `imports ${target}`
      : undefined;
  },
);

/** Both sides of the wire know the protocol alone. */
export const SIDES_APART = importCheck(
  "server and client know nothing of each other",
  ({ path }) => /^(server|client)\//.test(path),
  ({ path }, { target = "" }) => {
    const other = path.startsWith("server/") ? "client/" : "server/";
    return target.startsWith(other) && target !== BUILT_PAGE ? `imports ${target}` : undefined;
  },
);

/** Tests, bench and demo are not shipped. */
export const PRODUCT_APART = importCheck(
  "the product imports nothing of the tests",
  ({ path }) => PRODUCT.test(path) || path.startsWith("packaging/"),
  (_file, { target = "" }) => /^(tests|bench|demo)\//.test(target) ? `imports ${target}` : undefined,
);

/** An unused door is closed: the table allows the imports of today and no more. */
export const NO_IDLE_DOORS: Check = {
  name: "every door in the table of rooms is used",
  run: ({ files }) => {
    const doors = Object.entries(ROOMS).flatMap(([room, { rooms, outside = [] }]) =>
      [...rooms, ...outside].map((target) => ({ room, target }))
    );
    const used = new Set(
      files.flatMap(({ path, imports }) =>
        imports.map(({ target = "", bare }) => `${roomOf(path)} ${bare ? target : roomOf(target) ?? target}`)
      ),
    );
    const offences = doors.filter(({ room, target }) => !used.has(`${room} ${target}`))
      .map(({ room, target }) => `${room} may import ${target}, and does not`);
    return { offences, checked: doors.length, unit: "doors" };
  },
};
