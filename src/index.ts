/** duo-udm: raw Duo Admin API pages in, Google SecOps UDM entity records out. */

// Issues
export type { Issue, IssueCode, Severity } from "./core/issue.ts";
export type { Of, Row, Rule, UdmCell } from "./core/row.ts";
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
// The mapping table
export { TABLE } from "./table.ts";
