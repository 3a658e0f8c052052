/** What a row of the mapping table is. */

import type { UdmPath } from "./udm.ts";

type Labels = "entity.asset.attribute.labels";

/** A cell of the vendor's UDM column: a path, or a label's key and the path of its value. */
export type UdmCell = UdmPath | `${Labels}.key: "${string}", ${Labels}.value`;

/**
 * Which object of a dotted log field is read: `each` element of an array (a bare object counts as an array
 * of one), or the `first` element of an array.
 */
export type Of = "each" | "first";

/** The machine's twin of a row's logic. */
export type Rule =
  /** The value as it is, unless one of the fields named is present, which then outranks it. */
  | { readonly kind: "copy"; readonly of?: Of; readonly unless?: readonly string[] }
  | { readonly kind: "lower_case" }
  | { readonly kind: "deployment_status" }
  | { readonly kind: "asset_type" }
  | { readonly kind: "platform" }
  | { readonly kind: "iso8601" }
  /** The record's timestamp, else the envelope's, else the collection time. */
  | { readonly kind: "timestamp" }
  /** The value when it holds an "@"; else the first alternative that does. Of a list in it, the first present counts. */
  | { readonly kind: "address"; readonly of?: Of; readonly or?: readonly (string | readonly string[])[] }
  | { readonly kind: "local_part"; readonly of?: Of }
  | { readonly kind: "constant"; readonly value: string };

export interface Row {
  /** The vendor's log field, verbatim; empty for a constant. */
  readonly log_field: string;
  /** The vendor's UDM cell, verbatim. */
  readonly udm: UdmCell;
  /** The vendor's logic, verbatim. */
  readonly logic: string;
  readonly rule: Rule;
  /** The numbered decisions of DECISIONS.md that the rule rests on. */
  readonly decisions?: readonly number[];
}
