// Uses every entry of the installed package as an ES module. Prints what became of duo-udm/lambda, which needs
// optional dependencies.
import assert from "node:assert/strict";
import { mapRecord } from "duo-udm";
import { loadConfig } from "duo-udm/collector";
import manifest from "duo-udm/package.json" with { type: "json" };
import { importEntities } from "duo-udm/secops";
import { startSimulator } from "duo-udm/simulator";

assert.equal(mapRecord({ epkey: "EPX1" }, { collectedAt: "2026-01-31T00:00:00Z" }).kind, "entity");
assert.throws(() => loadConfig({}), { name: "ConfigError" });
assert.equal(typeof importEntities, "function");
assert.equal(typeof startSimulator, "function");
assert.match(manifest.version, /^\d+\.\d+\.\d+$/);
console.log(
  await import("duo-udm/lambda").then(
    ({ handler }) => `handler is a ${typeof handler}`,
    ({ message }) => message,
  ),
);
