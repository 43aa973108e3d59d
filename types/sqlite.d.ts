// What the runtime's declarations of node:sqlite lack (https://nodejs.org/api/sqlite.html).

import "node:sqlite";

declare module "node:sqlite" {
  interface StatementSync {
    setReturnArrays(enabled: boolean): void;
  }
}
