/** A profile is a value: tables of rows, the places that their cells stand for, and what identifies an entity. */

import type { Resource } from "./resource.ts";
import type { UdmPath } from "./udm.ts";

type LabelCell<P> = P extends `${infer Labels}.labels.value`
  ? `${Labels}.labels.key: "${string}", ${Labels}.labels.value`
  : never;

/** A cell of the UDM column: a path, or a label's key and the path of its value. */
export type UdmCell = UdmPath | LabelCell<UdmPath>;

/**
 * Which value of a dotted log field is read.
 * - `first`: the field of the first object of an array
 * - `each`: the field of every object of an array; a bare object counts as an array of one
 * - `items`: every element of an array of scalars
 * - `values`: every value of an object whose keys are data
 * - `length`: how many elements an array has
 */
export type Of = "first" | "each" | "items" | "values" | "length";

/** The rules that take no parameters; `rules.ts` says what each does. */
export type PlainRule =
  | "copy"
  | "lower_case"
  | "deployment_status"
  | "asset_type"
  | "platform"
  | "iso8601"
  | "timestamp"
  | "address"
  | "local_part"
  | "filled"
  | "epoch"
  | "mailbox"
  | "no_mailbox"
  | "name"
  | "directory"
  | "host"
  | "no_host"
  | "machine"
  | "os"
  | "mobile_os"
  | "user_status"
  | "active"
  | "mobile";

/** How a row depends on other fields and rows. Other fields are named by their log fields. */
export interface Conditions {
  readonly of?: Of;
  /** Fields to try where the rule takes no value of the row's own; within a list the first present value counts. */
  readonly or?: readonly (string | readonly string[])[];
  /** Fields that outrank the row when one of them is present. */
  readonly unless?: readonly string[];
  /** The row writes only where the rows before it leave its place empty. */
  readonly fallback?: true;
  /** A value that the rule refuses raises no issue. */
  readonly quiet?: true;
}

/** A row's logic as data. */
export type Rule =
  | (Conditions & { readonly kind: PlainRule })
  /** A text for some values, whatever their case. Any other value is refused, or copied with `rest`. */
  | (Conditions & {
      readonly kind: "lookup";
      readonly values: { readonly [value: string]: string };
      readonly rest?: "copy";
    })
  /**
   * A fixed text, written where a value beside it is. In a list of messages it stands in each of them, or with
   * `within` only in those made of that container. An empty `within` is the message made of the record itself.
   */
  | { readonly kind: "constant"; readonly value: string; readonly within?: string };

export interface Row {
  /** The log field, verbatim from the table; empty for a constant. */
  readonly log_field: string;
  /** The UDM cell, verbatim from the table. */
  readonly udm: UdmCell;
  /** The logic in words, verbatim from the table. */
  readonly logic: string;
  readonly rule: Rule;
  /** The numbered decisions of DECISIONS.md that the rule rests on. */
  readonly decisions?: readonly number[];
  /** The log field that issues name, where the row is one of several that a line of the table stands for. */
  readonly part_of?: string;
}

/** Why a record makes no entity. */
export type SkipReason =
  | "COVERED_BY_OWNER"
  | "NO_ASSET_IDENTITY"
  | "RECORD_NOT_OBJECT"
  | "RECORD_UNRECOGNIZED";

/** The rows that map a record, and how to read them. */
export interface Table {
  readonly rows: readonly Row[];
  /**
   * Where the paths of the cells stand in the entity record, by their beginnings; the longest counts. A path that
   * begins with none of them stands where it says.
   */
  readonly places: { readonly [path: string]: readonly string[] };
  /** UDM cells of which one must be filled for a record to make an entity. */
  readonly identity: readonly UdmPath[];
  /** Whether equal elements of a list stand once. Lists of plain texts never repeat a text. */
  readonly distinct: boolean;
  /** What blank text is where an object of a list belongs: no element, or one of a wrong type. */
  readonly blankElements: "absent" | "wrong";
  /** Why a record that has its resource's identifying key, and fills none of `identity`, makes no entity. */
  readonly unidentified: "NO_ASSET_IDENTITY" | "RECORD_UNRECOGNIZED";
}

export interface Profile {
  readonly name: string;
  /** The table for records of each resource, or why they make no entity. */
  readonly tables: { readonly [R in Resource | "unknown"]: Table | SkipReason };
}
