// Compiles against the declarations of the installed package.
import { type Issue, mapRecord, type Profile, type UdmEntity } from "duo-udm";
import { collect, loadConfig, type Manifest } from "duo-udm/collector";
import { handler } from "duo-udm/lambda";
import { type ImportCounts, importEntities } from "duo-udm/secops";
import { type Simulator, startSimulator } from "duo-udm/simulator";

export function entityOf(record: unknown, profile?: Profile): UdmEntity | readonly Issue[] {
  const context = { collectedAt: "2026-01-31T00:00:00Z", ...(profile && { profile }) };
  const mapped = mapRecord(record, context);
  return mapped.kind === "entity" ? mapped.entity : mapped.issues;
}

export const calls: {
  readonly collect: () => Promise<{ readonly manifest: Manifest }>;
  readonly send: (entities: readonly UdmEntity[]) => Promise<ImportCounts>;
  readonly simulate: () => Promise<Simulator>;
} = {
  collect: () => collect(loadConfig({}, { to: "pages" })),
  send: (entities) => importEntities(entities, { instance: "projects/p/locations/us/instances/i" }),
  simulate: () => startSimulator({}),
};
export { handler };
