// The cost of validating entities, as a share of mapping the records that they come from: first the whole commands,
// from bytes, then parts of them on parsed data. Every second entity has an issue.
import { mapPage } from "../../dist/index.js";
import { checkEntityRules } from "../../dist/preflight/entity.js";
import { checkEntity, Preflight } from "../../dist/preflight/preflight.js";
import { compileSchema } from "../../dist/preflight/schema.js";
import { UDM_ENTITY_SCHEMA } from "../../dist/preflight/schemas/udm-entity.schema.js";
import { engine } from "../engine.mjs";
import { inTurns, medians } from "../measure.mjs";
import { endpoint, phone } from "../pages.mjs";
import { print, section } from "../table.mjs";

const ENTITIES = 100_000;
const RECORDS_PER_PAGE = 500;
const ROUNDS = 5;
const collectedAt = "2027-11-01T00:00:00Z";

const limit = { milliseconds: Date.parse(collectedAt), text: collectedAt };
const rules = { limit, showKeys: false, isVendorProfile: true };
const seeFaults = compileSchema(UDM_ENTITY_SCHEMA);
const ignore = () => {};

const pages = Array.from({ length: ENTITIES / RECORDS_PER_PAGE }, (_, page) => ({
  stat: "OK",
  response: Array.from({ length: RECORDS_PER_PAGE }, (_, record) =>
    (page % 2 === 0 ? endpoint : phone)(page * RECORDS_PER_PAGE + record),
  ),
}));
const entities = pages.flatMap((page) => mapPage(page, { collectedAt }).entities);
if (entities.length !== ENTITIES) throw new Error(`${entities.length} entities, not ${ENTITIES}`);

const pageBytes = pages.map((page) => Buffer.from(JSON.stringify(page)));
const entityLines = pageBytes.map((bytes) => Buffer.from(engine(bytes, collectedAt)));

const jobs = {
  "map, bytes to NDJSON": () => {
    for (const bytes of pageBytes) engine(bytes, collectedAt);
  },
  "check that NDJSON": () => {
    const preflight = new Preflight();
    for (const bytes of entityLines) {
      for (const line of bytes.toString().trimEnd().split("\n")) {
        preflight.entity(JSON.parse(line), { collectedAt });
      }
    }
  },
  "map the records": () => {
    for (const page of pages) mapPage(page, { collectedAt });
  },
  "schema alone": () => {
    for (const entity of entities) seeFaults(entity, ignore);
  },
  "schema and rules": () => {
    for (const entity of entities) checkEntityRules(entity, rules);
  },
  "check the entities": () => {
    const preflight = new Preflight();
    for (const entity of entities) preflight.entity(entity, { collectedAt });
  },
  "checkEntity on each": () => {
    for (const entity of entities) checkEntity(entity, { collectedAt });
  },
  "check the pages": () => {
    const preflight = new Preflight();
    for (const page of pages) preflight.document(page, { collectedAt });
  },
};

await inTurns(jobs, 1);
const times = medians(await inTurns(jobs, ROUNDS));
section(`${ENTITIES.toLocaleString("en")} entities, mapped and checked`, "job / map", "records/s");
for (const [job, milliseconds] of Object.entries(times)) {
  print({
    job,
    measured: `${milliseconds.toFixed(0)} ms`,
    records: (ENTITIES / milliseconds) * 1000,
    ratio: milliseconds / times["map, bytes to NDJSON"],
  });
}
