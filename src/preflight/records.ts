/**
 * The checks of mapped records and of UDM entities, one after the other: the issues of the mapping, of the raw
 * records, and of the entities that they make.
 */

import { type Issue, issue, type Place } from "../core/issue.ts";
import type { MappedRecord } from "../core/mapped.ts";
import type { Profile } from "../core/profile.ts";
import { ENVELOPE_TIMESTAMP } from "../core/reading.ts";
import { IDENTIFYING_KEY, RESOURCES, type Resource } from "../core/resource.ts";
import { isComposite, isObject, present } from "../core/scalar.ts";
import { timestamp } from "../core/time.ts";
import { VENDOR } from "../profiles/vendor.ts";
import { valueAt } from "../text/paths.ts";
import { Tally } from "../text/tally.ts";
import { canonicalEntity, entitiesOf } from "./canonical.ts";
import { checkEntityRules, type EntityCheck, hasOwner, type TimeLimit } from "./entity.ts";
import type { Finding } from "./finding.ts";
import { type EntityKeys, type KeyPlace, keysOf, type RunKeys } from "./keys.ts";
import { ownerHint } from "./owner.ts";
import { checkRecord } from "./raw.ts";

/** How far a clock may be ahead, in milliseconds. */
const CLOCK_SKEW = 5 * 60 * 1000;
/** The last time that a timestamp of UDM can hold, in epoch milliseconds. */
const LAST_TIME = Date.parse("9999-12-31T23:59:59Z");
/** Most characters of a value that an issue shows. */
const SHOWN = 1000;

export interface CheckOptions {
  /** Adds the raw value to each issue in which one is at stake. Default: no raw value in any issue. */
  readonly showValues?: boolean;
}

/** What a check tells, in order. */
export interface CheckListener {
  issue(issue: Issue): void;
  /** The keys of an entity, after its issues. Only the whole run can tell what they mean ({@link RunKeys}). */
  keys(keys: EntityKeys, place: KeyPlace): void;
}

/** The latest time that does not lie in the future of the collection time. */
function latest(collectedAt: unknown): TimeLimit {
  const time = timestamp(collectedAt);
  if (time === undefined) {
    throw new RangeError(`collectedAt must be a timestamp; got an unreadable ${typeof collectedAt}`);
  }
  const milliseconds = Math.min(Date.parse(time) + CLOCK_SKEW, LAST_TIME);
  return { milliseconds, text: new Date(milliseconds).toISOString().slice(0, 19) };
}

/** What is shown of a value: all of it, unless it is long or nested without end. */
function shown(value: unknown): unknown {
  if (typeof value === "string") return value.length > SHOWN ? `${value.slice(0, SHOWN)}...` : value;
  if (!isComposite(value)) return value;
  try {
    return JSON.stringify(value).length > SHOWN ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The value that identifies a raw record of a resource. */
function idOf(raw: unknown, resource: Resource | "unknown"): string | undefined {
  if (!isObject(raw)) return undefined;
  const keys =
    resource === "unknown" ? RESOURCES.map((one) => IDENTIFYING_KEY[one]) : [IDENTIFYING_KEY[resource]];
  for (const key of keys) {
    const value = Object.hasOwn(raw, key) ? present(raw[key]) : undefined;
    if (value !== undefined) return String(value);
  }
  return undefined;
}

/** The documents of a run: where they are, and when they were collected. */
export interface DocumentContext {
  readonly collectedAt: string;
  /** The source, and the index and line of the document in it. */
  readonly place: Place;
  /** The envelope's `timestamp`, as it came. */
  readonly pageTimestamp?: unknown;
}

export interface RecordCheckOptions extends CheckOptions {
  /** What maps the records. Default: the vendor's profile. */
  readonly profile?: Profile | undefined;
  /** Where records are counted. Default: in a tally of their own. */
  readonly tally?: Tally;
}

/** Checks the records and entities of one document after the other. */
export class RecordChecks {
  /** What has been checked so far. */
  readonly tally: Tally;
  /** Whether issues show raw values, and keys that are somebody's data. */
  readonly showsValues: boolean;
  readonly #listener: CheckListener;
  readonly #profile: Profile;
  #context: DocumentContext = { collectedAt: "", place: {} };
  #check: EntityCheck;

  constructor(
    listener: CheckListener,
    { showValues = false, profile = VENDOR, tally = new Tally() }: RecordCheckOptions = {},
  ) {
    this.tally = tally;
    this.#listener = listener;
    this.showsValues = showValues;
    this.#profile = profile;
    this.#check = this.#checkAt({ milliseconds: LAST_TIME, text: "" });
  }

  #checkAt(limit: TimeLimit): EntityCheck {
    return { limit, showKeys: this.showsValues, isVendorProfile: this.#profile.name === VENDOR.name };
  }

  /**
   * Takes up a document: what is checked from here on is in it.
   *
   * @throws RangeError when `collectedAt` is not a timestamp.
   */
  begin(context: DocumentContext): void {
    if (context.collectedAt !== this.#context.collectedAt)
      this.#check = this.#checkAt(latest(context.collectedAt));
    this.#context = context;
  }

  /** Checks a record of the document, and the entity that it makes. */
  record(mapped: MappedRecord): void {
    const { raw, record, resource } = mapped;
    const udm = entitiesOf(raw);
    if (udm !== undefined) {
      for (const entity of udm) this.entity(entity, record);
      return;
    }
    this.tally.add(mapped);
    const place = { ...this.#context.place, record };
    const id = this.showsValues ? idOf(raw, resource) : undefined;
    const see = (found: Issue): void => this.#see(found, raw, id);
    for (const found of mapped.issues) see(found);
    if (!isObject(raw)) return;
    const isDuo = resource !== "unknown" || mapped.reason !== "RECORD_UNRECOGNIZED";
    for (const finding of checkRecord(raw, resource, isDuo, this.showsValues, this.#profile))
      see(issueOf(finding, place));
    const entity = mapped.entity();
    if (entity !== undefined) this.#entity(entity, place, mapped, id);
  }

  /** Checks a UDM entity in any spelling; the document itself, where no record is given. */
  entity(entity: unknown, record?: number): void {
    const { place } = this.#context;
    const canonical = canonicalEntity(entity);
    this.tally.add({ resource: "udm", reason: undefined, hasOwner: () => hasOwner(canonical) });
    this.#entity(canonical, record === undefined ? place : { ...place, record });
  }

  /** What a record tells of an owner whom its entity does not name. */
  #ownerHint(mapped: MappedRecord | undefined): { hint?: string } {
    if (mapped === undefined || !isObject(mapped.raw)) return {};
    const hint = ownerHint(mapped.raw, mapped.resource, this.#profile);
    return hint === undefined ? {} : { hint };
  }

  #entity(entity: unknown, place: Place, mapped?: MappedRecord, rawId?: string): void {
    const keys = keysOf(entity);
    const id = rawId ?? (this.showsValues ? keys?.identity.value : undefined);
    for (const finding of checkEntityRules(entity, this.#check)) {
      const hinted = finding.code === "OWNER_MISSING" ? { ...finding, ...this.#ownerHint(mapped) } : finding;
      this.#see(issueOf(hinted, place), entity, id);
    }
    if (keys !== undefined) this.#listener.keys(keys, id === undefined ? place : { ...place, id });
  }

  /** Hands out an issue; with the value at its path and what identifies the record, where values are shown. */
  #see(found: Issue, root: unknown, id: string | undefined): void {
    if (!this.showsValues) {
      this.#listener.issue(found);
      return;
    }
    const { path } = found;
    const value =
      path === undefined
        ? undefined
        : shown(path === ENVELOPE_TIMESTAMP ? this.#context.pageTimestamp : valueAt(root, path));
    this.#listener.issue({
      ...found,
      ...(id !== undefined && { id }),
      ...(value !== undefined && { value }),
    });
  }
}

/** The issue of a finding. */
function issueOf(finding: Finding, place: Place): Issue {
  return Object.assign(issue(finding.code, place), finding);
}

/** The issues that the keys of an entity give, given those of the run so far. Few entities give any. */
export function keyIssues(
  run: RunKeys,
  keys: EntityKeys,
  place: () => KeyPlace,
  showValues: boolean,
): Issue[] {
  const findings = run.see(keys);
  if (findings.length === 0) return [];
  const at = place();
  return findings.map((finding) => {
    const found = issueOf(finding, at);
    const key = [keys.unique, ...keys.merge].find((one) => one?.path === finding.path);
    return showValues && key !== undefined ? { ...found, value: key.value } : found;
  });
}
