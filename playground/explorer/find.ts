/** Finds records: first by what is known of them, last by mapping them again. */

import { SEVERITIES } from "../../src/core/issue.ts";
import type { Profile } from "../../src/core/profile.ts";
import { isComposite } from "../../src/core/scalar.ts";
import type { ExploredRecord } from "../../src/report/explored.ts";
import type { RecordSearch } from "../../src/report/links.ts";
import { BY_DEFAULT, DEFAULTS, valuesOf } from "../../src/report/values.ts";
import { ANY, isName } from "../../src/text/names.ts";
import { holdsText } from "../parts/search.ts";
import { mappedAgain } from "./explanation.ts";
import type { Held } from "./held.ts";

type Fits = (record: ExploredRecord, at: number) => boolean;

const hasMade = ({ reason }: ExploredRecord, made: string): boolean =>
  made === "yes" ? reason === undefined : made === "no" ? reason !== undefined : reason === made;

function byKnowledge({ resource, made, owner, drop, issue }: RecordSearch): Fits[] {
  return [
    ...(resource === undefined ? [] : [(one: ExploredRecord) => one.resource === resource]),
    ...(made === undefined ? [] : [(one: ExploredRecord) => hasMade(one, made)]),
    ...(owner === undefined
      ? []
      : [(one: ExploredRecord) => one.reason === undefined && one.hasOwner === (owner === "yes")]),
    ...(drop === undefined ? [] : [({ mayBeDropped }: ExploredRecord) => mayBeDropped]),
    ...(issue === undefined
      ? []
      : [({ codes, rows }: ExploredRecord) => [...codes, ...rows].includes(issue)]),
  ];
}

const STEP = /\[("(?:[^"\\]|\\.)*")\]|\[\]|([^.[\]]+)/g;

/** The names of a raw path; `[]` for the elements of a list, `*` for any name. */
function stepsOf(path: string): string[] {
  return Array.from(path.matchAll(STEP), ([step, quoted, name]) =>
    quoted === undefined ? (name ?? step) : String(JSON.parse(quoted)),
  );
}

/**
 * Whether a value has a field. `*` stands for the names that coverage does not show; of an object in a field, which may
 * be a map, that is any.
 */
function hasField(value: unknown, [step, ...rest]: readonly string[], isNested = false): boolean {
  if (step === undefined) return true;
  if (!isComposite(value)) return false;
  if (Array.isArray(value)) return step === "[]" && value.some((one) => hasField(one, rest));
  const isMeant = (name: string): boolean =>
    step === ANY ? isNested || !isName(name, false) : name === step;
  return Object.entries(value).some(([name, one]) => isMeant(name) && hasField(one, rest, true));
}

/** Whether a row wrote a value, and whether a chart counts one. */
function byMapping(held: Held, profile: Profile, { row, chart, value }: RecordSearch): Fits[] {
  const fits: Fits[] = [];
  if (row !== undefined) {
    fits.push((record, at) => {
      const rows = mappedAgain(record, held.raw(at), profile).rows();
      return rows[Number(row)]?.outcome === "wrote";
    });
  }
  if (chart !== undefined && value !== undefined) {
    const isDefault = value.endsWith(BY_DEFAULT);
    const wanted = isDefault ? value.slice(0, -BY_DEFAULT.length) : value;
    const preset = DEFAULTS.find((one) => one.title === chart && one.value === wanted);
    fits.push((record, at) => {
      const mapped = mappedAgain(record, held.raw(at), profile);
      const entity = mapped.entity();
      if (entity === undefined) return false;
      if (preset !== undefined) {
        const outcome = mapped.rows().find(({ row: { udm } }) => udm === preset.udm)?.outcome;
        if ((outcome === "default") !== isDefault) return false;
      }
      for (const one of valuesOf(entity)) if (one.title === chart && one.value === wanted) return true;
      return false;
    });
  }
  return fits;
}

/** The numbers of the records that fit, in the order in which they were read. */
export function find(held: Held, profile: Profile, search: RecordSearch): number[] {
  const text = search.text?.trim().toLowerCase() ?? "";
  const steps = search.field === undefined ? undefined : stepsOf(search.field);
  const fits: Fits[] = [
    ...byKnowledge(search),
    ...(text === "" ? [] : [(_: ExploredRecord, at: number) => holdsText(held.text(at), text)]),
    ...(steps === undefined ? [] : [(_: ExploredRecord, at: number) => hasField(held.raw(at), steps)]),
    ...byMapping(held, profile, search),
  ];
  const found: number[] = [];
  for (const [at, record] of held.explored.records.entries()) {
    if (fits.every((one) => one(record, at))) found.push(at);
  }
  return found;
}

export const ORDERS = [
  { name: "read", words: "as they were read" },
  { name: "title", words: "by name" },
  { name: "issues", words: "gravest issue first" },
] as const;
export type Order = (typeof ORDERS)[number]["name"];

const rankOf = ({ gravest }: ExploredRecord): number =>
  gravest === undefined ? SEVERITIES.length : SEVERITIES.indexOf(gravest);

/** Sorts what was found. */
export function ordered(held: Held, found: readonly number[], order: Order): readonly number[] {
  switch (order) {
    case "read":
      return found;
    case "title": {
      const { compare } = new Intl.Collator("en", { numeric: true });
      return [...found].sort((a, b) => compare(held.title(a), held.title(b)));
    }
    case "issues":
      return [...found].sort((a, b) => rankOf(held.record(a)) - rankOf(held.record(b)));
  }
}
