/** duo-udm: raw Duo Admin API pages in, Google SecOps UDM entity records out. */

// Explanation
export type { Explanation } from "./core/explain.ts";
export { explainRecord } from "./core/explain.ts";
// Issues
export type { Issue, IssueCode, IssueDefinition, SchemaFault, Severity } from "./core/issue.ts";
export { ISSUES } from "./core/issue.ts";
// Mapping
export type { MappedPage, PageContext } from "./core/map-page.ts";
export { mapPage } from "./core/map-page.ts";
export type { Found, Outcome, RawRead, RowTrace, Write } from "./core/notes.ts";
export type { Of, Profile, Row, Rule, SkipReason, Table, UdmCell } from "./core/profile.ts";
export type { RecordContext } from "./core/record.ts";
export { mapRecord } from "./core/record.ts";
export type { Resource } from "./core/resource.ts";
// UDM
export type {
  Asset,
  AssetType,
  DeploymentStatus,
  EntityMetadata,
  Label,
  Platform,
  Relation,
  Software,
  UdmEntity,
  UdmTimestamp,
  User,
} from "./core/udm.ts";
// Coverage and documentation
export type {
  Coverage,
  CoveragePage,
  FieldCoverage,
  ResourceCoverage,
  RowCoverage,
} from "./coverage/coverage.ts";
export { CoverageCounter, coverage } from "./coverage/coverage.ts";
export type { JsonType, RawField } from "./coverage/fields.ts";
// Preflight
export type { EntityContext } from "./preflight/preflight.ts";
export { checkEntity, checkPage, Preflight } from "./preflight/preflight.ts";
export type { CheckOptions } from "./preflight/records.ts";
export type { TableFormat } from "./profiles/documentation.ts";
export { mappingTable } from "./profiles/documentation.ts";
export { PROFILES } from "./profiles/index.ts";
// The mapping table
export { TABLE } from "./profiles/vendor.ts";
