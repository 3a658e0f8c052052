/** What was replaced and what was left, by field, in words. */

import { WIDTH, wrap, wrapList } from "../text/layout.ts";
import type { Line } from "../text/lines.ts";
import { count, number } from "../text/numbers.ts";
import type { FieldCounts } from "./scrub.ts";

interface Scrubbed {
  readonly fields: ReadonlyMap<string, FieldCounts>;
  readonly documents: number;
  readonly files: number;
  readonly folder: string;
}

type Which = "replaced" | "left";

/** The fields of which values were replaced or left, with how many. */
function fieldsThat(
  fields: ReadonlyMap<string, FieldCounts>,
  which: Which,
  isOne: (counts: FieldCounts) => boolean,
): string[] {
  return [...fields]
    .filter(([, counts]) => counts[which] > 0 && isOne(counts))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, counts]) => `${path} ${number(counts[which])}`);
}

function total(fields: ReadonlyMap<string, FieldCounts>, which: Which): string {
  return number([...fields.values()].reduce((sum, counts) => sum + counts[which], 0));
}

const isTold = ({ treatment }: FieldCounts): boolean =>
  treatment === "identifying" || treatment === "free_text";

/** The summary in lines of at most `width` columns. */
export function scrubLines({ fields, documents, files, folder }: Scrubbed, width = WIDTH): Line[] {
  const section = (heading: string, which: Which, isOne: (counts: FieldCounts) => boolean): Line[] => {
    const named = fieldsThat(fields, which, isOne);
    return named.length === 0 ? [] : ["", ...wrapList(heading, named, width)];
  };
  const wrote = `${count(documents, "document")} of ${count(files, "file")} scrubbed into ${folder}`;
  const values = `${total(fields, "replaced")} values replaced, ${total(fields, "left")} left`;
  return [
    ...wrap(`${wrote}: ${values}.`, width),
    ...section("Replaced", "replaced", isTold),
    ...section(
      "Replaced because Duo's reference does not have the field (--keep FIELD leaves it as it is)",
      "replaced",
      ({ treatment }) => treatment === "unknown",
    ),
    ...section(
      "Replaced in part, because a technical field held an identifying value",
      "replaced",
      ({ treatment }) => treatment === "technical",
    ),
    ...section("Left because the field is technical", "left", ({ treatment }) => treatment === "technical"),
    ...section(
      "Left because the value identifies nobody, such as a placeholder",
      "left",
      (counts) => isTold(counts) || counts.treatment === "unknown",
    ),
    ...section("Left with --keep", "left", ({ treatment }) => treatment === "kept"),
  ];
}
