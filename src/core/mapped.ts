/** Maps records, each once, and shows every one to whoever reads it. */

import { VENDOR } from "../profiles/vendor.ts";
import type { ByteWriter } from "./bytes.ts";
import { hintOf } from "./hint.ts";
import type { Issue, IssueCode } from "./issue.ts";
import { Mapping } from "./mapping.ts";
import { Notes, type RowTrace } from "./notes.ts";
import type { Page } from "./page.ts";
import { type Plan, planOf } from "./plan.ts";
import type { Profile, SkipReason, Table } from "./profile.ts";
import { type Run, raise } from "./reading.ts";
import { hasKeyOf, type Resource, resourceOfName, resourceOfRecord } from "./resource.ts";
import { isObject, type RawObject } from "./scalar.ts";
import type { UdmEntity } from "./udm.ts";

/** One mapped record, good until the next one is mapped. */
export interface MappedRecord {
  /** Index of the record in its document, from 0. */
  readonly record: number;
  readonly raw: unknown;
  readonly resource: Resource | "unknown";
  /** Why the record makes no entity; undefined when it makes one. */
  readonly reason: SkipReason | undefined;
  /** The issues of mapping this record, in the table's order. */
  readonly issues: readonly Issue[];
  /** The entity, made when first asked for; undefined when there is none. */
  entity(): UdmEntity | undefined;
  /** True when the entity names its owner; a user or group needs none. */
  hasOwner(): boolean;
  /** Writes the entity as one line of canonical JSON; nothing when there is none. */
  print(out: ByteWriter): void;
  /** What every row of the table did; empty unless notes were asked for, or where no table maps the record. */
  rows(): readonly RowTrace[];
}

export interface MapOptions {
  /** The resource that a name tells, of a page or by the caller. */
  readonly resource?: Resource | "unknown";
  /** Whether notes are taken, for {@link MappedRecord.rows}. */
  readonly withNotes?: boolean;
  /** Where the records of the page stand in it, for hints. */
  readonly at?: string;
}

const NONE: readonly never[] = [];

/** The planner lets rows write nowhere but to places of an entity, each of its type. */
function isEntity(built: object): built is UdmEntity {
  return Object.hasOwn(built, "entity") && Object.hasOwn(built, "metadata");
}

/** What a mapping has of a record. */
class Evaluated implements MappedRecord {
  readonly record: number;
  readonly raw: unknown;
  readonly resource: Resource | "unknown";
  readonly reason: SkipReason | undefined;
  readonly issues: readonly Issue[];
  readonly #mapping: Mapping | undefined;
  readonly #notes: Notes | undefined;
  #entity: UdmEntity | undefined;
  #rows: readonly RowTrace[] | undefined;

  constructor(
    { record = 0, issues }: Run,
    raw: unknown,
    resource: Resource | "unknown",
    reason: SkipReason | undefined,
    mapping?: Mapping,
    notes?: Notes,
  ) {
    this.record = record;
    this.raw = raw;
    this.resource = resource;
    this.reason = reason;
    this.issues = issues.length === 0 ? NONE : issues.splice(0);
    this.#mapping = mapping;
    this.#notes = notes;
  }

  entity(): UdmEntity | undefined {
    if (this.#entity !== undefined || this.reason !== undefined) return this.#entity;
    const built = this.#mapping?.entity();
    if (built !== undefined && isEntity(built)) this.#entity = built;
    return this.#entity;
  }

  hasOwner(): boolean {
    return this.reason === undefined && this.#mapping?.hasOwner() === true;
  }

  print(out: ByteWriter): void {
    if (this.reason === undefined) this.#mapping?.print(out);
  }

  rows(): readonly RowTrace[] {
    if (this.#notes === undefined || this.#mapping === undefined) return NONE;
    this.#rows ??= this.#mapping.rows(this.#notes);
    return this.#rows;
  }
}

/** Maps the records of a run by the tables of a profile. */
export class RecordMapper {
  readonly #profile: Profile;
  readonly #mappings = new Map<Table, { readonly plan: Plan; readonly mapping: Mapping }>();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  #mappingOf(table: Table) {
    let known = this.#mappings.get(table);
    if (known === undefined) {
      const plan = planOf(table);
      known = { plan, mapping: new Mapping(plan) };
      this.#mappings.set(table, known);
    }
    return known;
  }

  map(raw: unknown, run: Run, { resource: named = "unknown", withNotes, at }: MapOptions): MappedRecord {
    if (!isObject(raw)) {
      raise(run, "RECORD_NOT_OBJECT");
      return new Evaluated(run, raw, named, "RECORD_NOT_OBJECT");
    }
    const resource = named === "unknown" ? resourceOfRecord(raw) : named;
    const table = this.#profile.tables[resource];
    if (typeof table === "string") {
      const reason = hasKeyOf(raw, resource) ? table : "RECORD_UNRECOGNIZED";
      skip(run, reason, raw, at);
      return new Evaluated(run, raw, resource, reason);
    }
    const { plan, mapping } = this.#mappingOf(table);
    const notes = withNotes === true ? new Notes(plan, run) : undefined;
    let reason: SkipReason | undefined;
    if (!mapping.evaluate(raw, run, notes)) {
      reason = hasKeyOf(raw, resource) ? table.unidentified : "RECORD_UNRECOGNIZED";
      skip(run, reason, raw, at);
    }
    return new Evaluated(run, raw, resource, reason, mapping, notes);
  }
}

/** Raises why a record makes no entity. */
function skip(run: Run, reason: SkipReason & IssueCode, raw: RawObject, at: string | undefined): void {
  const hint = reason === "RECORD_UNRECOGNIZED" ? hintOf(raw, at ?? "") : undefined;
  raise(run, reason, hint === undefined ? {} : { hint });
}

const mappers = new WeakMap<Profile, RecordMapper>();

/** The mapper of a profile, by default the vendor's; one for all runs. */
export function recordMapper(profile: Profile = VENDOR): RecordMapper {
  let mapper = mappers.get(profile);
  if (mapper === undefined) {
    mapper = new RecordMapper(profile);
    mappers.set(profile, mapper);
  }
  return mapper;
}

export interface EachOptions {
  /** Default: the vendor's. */
  readonly profile?: Profile | undefined;
  /** The resource of all records. Default: what the source's name tells, else each record's identifying key. */
  readonly resource?: Resource | undefined;
  /** Whether notes are taken, for {@link MappedRecord.rows}. */
  readonly withNotes?: boolean;
}

/**
 * Maps the records of a page in order and shows each to `see`.
 *
 * @param source the page's name, which may tell the resource
 */
export function mapEach(
  { records, at }: Page,
  source: string,
  run: Run,
  see: (mapped: MappedRecord) => void,
  { profile, resource, withNotes = false }: EachOptions = {},
): void {
  const mapper = recordMapper(profile);
  const options = { resource: resource ?? resourceOfName(source), withNotes, at };
  for (let record = 0; record < records.length; record++) {
    run.record = record;
    see(mapper.map(records[record], run, options));
  }
}
