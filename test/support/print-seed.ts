/** Chooses the seed of the run's properties, once for all test files: FC_SEED when it is set, else a new one. */

import { randomInt } from "node:crypto";

export function setup(): void {
  const seed = Number(process.env["FC_SEED"] ?? randomInt(2 ** 31));
  if (!Number.isInteger(seed)) throw new TypeError("FC_SEED must be an integer");
  process.env["FC_SEED"] = String(seed);
  process.stdout.write(`fast-check seed ${seed}; to replay: FC_SEED=${seed} npx vitest run\n`);
}
