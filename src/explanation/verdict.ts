/** The answer to what became of a record, in two sentences. */

import type { Explanation } from "../core/explain.ts";
import { ISSUES } from "../core/issue.ts";
import type { Profile } from "../core/profile.ts";
import type { Resource } from "../core/resource.ts";
import { isObject } from "../core/scalar.ts";
import { unreadOwner } from "../preflight/owner.ts";
import { isRead } from "../preflight/raw.ts";
import { valueText } from "../text/escape.ts";
import { clip } from "../text/layout.ts";
import { count } from "../text/numbers.ts";
import { firstOf, sequence } from "../text/words.ts";
import { unreadFields } from "./unread.ts";

type RowTrace = Explanation["rows"][number];

/** A value of the entity that the verdict names. */
export interface NamedValue {
  /** The field of the entity, without its path: `hostname`. */
  readonly field: string;
  /** The raw path that the value came from. */
  readonly from: string;
  readonly value: string;
}

export interface RecordVerdict {
  /** The values that identify the entity; none where there is no entity. */
  readonly identity: readonly NamedValue[];
  readonly owner: readonly NamedValue[];
  /** What the record carries and no row reads. */
  readonly unread: readonly string[];
  readonly sentences: readonly string[];
}

/** By these SecOps merges the entities of a noun. */
const IDENTITY_PATH =
  /^entity\.(?:asset\.(?:asset_id|product_object_id|hostname)|user\.(?:product_object_id|userid|email_addresses)|group\.product_object_id)/;
const OWNER_PATH = /^entity\.(?:relations\.entity\.)?user\./;
const OWNER_WRITE = /^relations\[\d+\]\.entity\.user\./;

const MOST_VALUES = 5;
const MOST_FIELDS = 8;
const VALUE_LENGTH = 60;

const quoted = (value: string): string => clip(valueText(value), VALUE_LENGTH);

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** The wanted values, each once although it may stand in two places. */
function namedValues(rows: readonly RowTrace[], isWanted: (path: string) => boolean): NamedValue[] {
  const values = rows.flatMap(({ row, writes }) =>
    writes
      .filter(({ path }) => row.log_field !== "" && isWanted(path))
      .map(({ path, value, from = row.log_field }) => ({
        field:
          path
            .replace(/\[\d+\]$/, "")
            .split(".")
            .at(-1) ?? "",
        from,
        value,
      })),
  );
  return [...new Map(values.map((one) => [JSON.stringify(one), one])).values()];
}

/** The raw fields that rows whose cell fits would have taken a value from. */
function wanted(rows: readonly RowTrace[], cell: RegExp): string[] {
  const fields = rows
    .filter(({ row }) => row.log_field !== "" && cell.test(row.udm))
    .flatMap(({ row, reads }) => (reads.length === 0 ? [row.log_field] : reads.map(({ path }) => path)));
  return [...new Set(fields)];
}

function inWords(values: readonly NamedValue[]): string {
  return firstOf(
    values.map(({ field, from, value }) => `${field} ${quoted(value)} from ${from}`),
    MOST_VALUES,
  );
}

function ownerClause(
  owner: readonly NamedValue[],
  rows: readonly RowTrace[],
  other: string | undefined,
): string {
  if (owner.length > 0) return `its owner has ${inWords(owner)}`;
  const named = other === undefined ? "" : ` (${other} names somebody, but no row reads it)`;
  return `it has no owner, because the record has no usable ${sequence(wanted(rows, OWNER_PATH), "or")}${named}`;
}

function unreadSentence(unread: readonly string[]): string {
  if (unread.length === 0) return "Rows read every field that the record fills.";
  const verb = unread.length === 1 ? "is" : "are";
  return `${count(unread.length, "field")} that the record fills ${verb} read by no row: ${firstOf(
    unread.map((path) => clip(path, VALUE_LENGTH)),
    MOST_FIELDS,
  )}.`;
}

/** What became of the record. */
export function recordVerdict(
  explanation: Explanation,
  raw: unknown,
  resource: Resource | "unknown",
  profile?: Profile,
): RecordVerdict {
  const { rows } = explanation;
  const record = isObject(raw) ? raw : {};
  const unread = unreadFields(record, (path) => isRead(path, resource, profile));
  const tail = rows.length === 0 ? [] : [unreadSentence(unread)];
  if (explanation.kind === "skipped") {
    const { reason } = explanation;
    const fields = wanted(rows, IDENTITY_PATH).filter((path) => !wanted(rows, OWNER_PATH).includes(path));
    const why =
      reason === "NO_ASSET_IDENTITY"
        ? `it has no usable ${sequence(fields, "or")}.`
        : lowerFirst(ISSUES[reason].message);
    const sentences = [`The record makes no entity (${reason}): ${why}`, ...tail];
    return { identity: [], owner: [], unread, sentences };
  }
  const isAsset = rows.some(({ writes }) => writes.some(({ path }) => path.startsWith("entity.asset.")));
  const isOwner = (path: string): boolean => OWNER_WRITE.test(path) || (isAsset && OWNER_PATH.test(path));
  const identity = namedValues(rows, (path) => IDENTITY_PATH.test(path) && !isOwner(path));
  const owner = namedValues(rows, isOwner);
  const about = isAsset ? `; ${ownerClause(owner, rows, unreadOwner(record, resource, profile))}` : "";
  return {
    identity,
    owner,
    unread,
    sentences: [`The record makes an entity, identified by ${inWords(identity)}${about}.`, ...tail],
  };
}
