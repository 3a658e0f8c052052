/** What a check found, before it is known which document and record it was in. */

import type { IssueCode, SchemaFault, Severity } from "../core/issue.ts";

export interface Finding {
  readonly code: IssueCode;
  /** Where it is not the code's own. */
  readonly severity?: Severity;
  /** The raw or UDM path; none when it is the record or entity as a whole. */
  readonly path?: string;
  /** The table row that reads the path. */
  readonly row?: string;
  readonly fault?: SchemaFault;
  readonly hint?: string;
}
