// Uses the installed package from CommonJS: Node.js 20.19 and later can require ES modules.
const assert = require("node:assert/strict");
const { mapRecord } = require("duo-udm");
const { loadConfig } = require("duo-udm/collector");
const { importEntities } = require("duo-udm/secops");
const { startSimulator } = require("duo-udm/simulator");

assert.equal(mapRecord({ epkey: "EPX1" }, { collectedAt: "2026-01-31T00:00:00Z" }).kind, "entity");
assert.throws(() => loadConfig({}), { name: "ConfigError" });
assert.equal(typeof importEntities, "function");
assert.equal(typeof startSimulator, "function");
