/** Maps records, each once, and shows every one to its readers. */

import { VENDOR } from "../profiles/vendor.ts";
import type { ByteWriter } from "./bytes.ts";
import { hintOf } from "./hint.ts";
import type { Issue, IssueCode } from "./issue.ts";
import { Mapping } from "./mapping.ts";
import { Notes, type RowTrace, type ValueOrigin } from "./notes.ts";
import type { Page } from "./page.ts";
import { type Plan, planOf } from "./plan.ts";
import type { Profile, SkipReason, Table } from "./profile.ts";
import { type Run, raise } from "./reading.ts";
import { hasKeyOf, type Resource, resourceOfName, resourceOfRecord } from "./resource.ts";
import { isObject } from "./scalar.ts";
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
  /** Where each value of the entity came from, by its place in it; empty as `rows` is. */
  origins(): ReadonlyMap<string, ValueOrigin>;
}

interface MapOptions {
  /** The resource that the caller or the page's name tells. */
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

/** What a mapper has of the record at hand: one object, filled anew for each. */
class Shown implements MappedRecord {
  record = 0;
  raw: unknown = undefined;
  resource: Resource | "unknown" = "unknown";
  reason: SkipReason | undefined = undefined;
  issues: readonly Issue[] = NONE;
  mapping: Mapping | undefined = undefined;
  notes: Notes | undefined = undefined;
  #entity: UdmEntity | undefined;
  #rows: readonly RowTrace[] | undefined;

  /** Takes up a record. */
  begin(raw: unknown, { record = 0 }: Run, resource: Resource | "unknown"): void {
    this.record = record;
    this.raw = raw;
    this.resource = resource;
    this.reason = undefined;
    this.mapping = undefined;
    this.notes = undefined;
    this.#entity = undefined;
    this.#rows = undefined;
  }

  entity(): UdmEntity | undefined {
    if (this.#entity !== undefined || this.reason !== undefined) return this.#entity;
    const built = this.mapping?.entity();
    if (built !== undefined && isEntity(built)) this.#entity = built;
    return this.#entity;
  }

  hasOwner(): boolean {
    return this.reason === undefined && this.mapping?.hasOwner() === true;
  }

  print(out: ByteWriter): void {
    if (this.reason === undefined) this.mapping?.print(out);
  }

  rows(): readonly RowTrace[] {
    if (this.notes === undefined || this.mapping === undefined) return NONE;
    this.#rows ??= this.mapping.rows(this.notes);
    return this.#rows;
  }

  origins(): ReadonlyMap<string, ValueOrigin> {
    this.rows();
    return this.notes?.origins() ?? new Map();
  }
}

/** Maps the records of a run by the tables of a profile. */
class RecordMapper {
  readonly #profile: Profile;
  readonly #mappings = new Map<Table, { readonly plan: Plan; readonly mapping: Mapping }>();
  readonly #shown = new Shown();

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

  map(raw: unknown, run: Run, options: MapOptions): MappedRecord {
    const shown = this.#shown;
    this.#evaluate(raw, run, options);
    const { issues } = run;
    shown.issues = issues.length === 0 ? NONE : issues.splice(0);
    return shown;
  }

  #evaluate(raw: unknown, run: Run, { resource: named = "unknown", withNotes, at }: MapOptions): void {
    const shown = this.#shown;
    if (!isObject(raw)) {
      shown.begin(raw, run, named);
      shown.reason = "RECORD_NOT_OBJECT";
      skip(run, "RECORD_NOT_OBJECT", raw, at);
      return;
    }
    const resource = named === "unknown" ? resourceOfRecord(raw) : named;
    shown.begin(raw, run, resource);
    const table = this.#profile.tables[resource];
    if (typeof table === "string") {
      shown.reason = hasKeyOf(raw, resource) ? table : "RECORD_UNRECOGNIZED";
    } else {
      const { plan, mapping } = this.#mappingOf(table);
      shown.mapping = mapping;
      if (withNotes === true) shown.notes = new Notes(plan, run);
      if (mapping.evaluate(raw, run, shown.notes)) return;
      shown.reason = hasKeyOf(raw, resource) ? table.unidentified : "RECORD_UNRECOGNIZED";
    }
    skip(run, shown.reason, raw, at);
  }
}

/** Raises why a record makes no entity. */
function skip(run: Run, reason: SkipReason & IssueCode, raw: unknown, at = ""): void {
  const isForeign = reason === "RECORD_UNRECOGNIZED" || reason === "RECORD_NOT_OBJECT";
  const hint = isForeign ? hintOf(raw, at) : undefined;
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

interface EachOptions {
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
