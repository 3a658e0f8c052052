/** Arguments and options that several commands share. */

import { InvalidArgumentError, Option } from "commander";
import { OWNERS } from "../profiles/vendor.ts";

/** The names of the profiles, without loading their tables. A test holds them to the profiles. */
export const PROFILE_CHOICES = ["vendor", "enriched"] as const;

/** Reads a whole number between two bounds. */
function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,15}$/.test(text) && number >= least && number <= most) return number;
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number, ${range}.`);
  };
}

/** A number that is given as an option. */
export function numberOption(flags: string, text: string, least = 0, most = Number.MAX_SAFE_INTEGER): Option {
  return new Option(flags, text).argParser(numberBetween(least, most));
}

/** An option that takes one of a few words; the first is the default. */
export function choiceOption(
  flags: string,
  text: string,
  choices: readonly [string, ...(readonly string[])],
): Option {
  return new Option(flags, text).choices(choices).default(choices[0]);
}

export const INPUT =
  "a file, a directory (*.json, *.ndjson, *.jsonl, plain or .gz), s3://bucket/prefix, or - for standard input";
export const INPUTS = [["[input...]", INPUT]] as const;

export const RUN = new Option(
  "--run <run>",
  "read only what one run of collect stored: latest, a run's id, or the path of its manifest. The input is then the " +
    "directory or prefix that collect wrote to",
);

export const RECORDS_AT = new Option(
  "--records-at <path>",
  "read the documents from this place in each JSON value, such as result, _source or logs[].data, where [] stands for " +
    "each element. A text found there may be JSON, or JSON in base64",
);

export const PROFILE = choiceOption("--profile <name>", "which table maps the records", PROFILE_CHOICES);

export const OWNER = new Option(
  "--owner <place>",
  "where the vendor profile puts an asset's owner: in the relation, in the entity's own noun, or in both (default: relation)",
).choices(OWNERS);

/** What maps the records. */
export const MAPPING_OPTIONS = [PROFILE, OWNER] as const;

export const COLLECTED_AT = new Option(
  "--collected-at <time>",
  "collection time of records that have no timestamp (default: when the file was last written)",
);

export const JOBS = numberOption(
  "--jobs <n>",
  "threads to use (default: one per core for 64 MB of input or more, else one)",
  1,
  9_999_999,
);
