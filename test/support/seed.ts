/** Gives every property of the run the one seed that `print-seed.ts` chose and printed. */

import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["FC_SEED"]) });
