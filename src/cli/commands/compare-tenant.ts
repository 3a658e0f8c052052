/** `compare --tenant`: what a tenant's own parser makes of the pages, beside ours. */

import stableStringify from "fast-json-stable-stringify";
import { placesOf } from "../../compare/places.ts";
import { comparisonLines, FirstPlaces } from "../../compare/text.ts";
import { ConfigError } from "../../io/errors.ts";
import { isUdm } from "../../preflight/canonical.ts";
import { profileOf } from "../../profiles/index.ts";
import { googleCredentials } from "../../secops/auth.ts";
import { SecopsClient } from "../../secops/client.ts";
import { SecopsError } from "../../secops/errors.ts";
import {
  activeParser,
  compareForms,
  FORMS,
  type FormResult,
  type Recommendation,
  type TenantComparison,
} from "../../secops/forms.ts";
import { targetOf } from "../../secops/instance.ts";
import { MAX_LOGS, Sample } from "../../secops/sample.ts";
import { printableJson } from "../../text/escape.ts";
import { wrap } from "../../text/layout.ts";
import { type Line, toned } from "../../text/lines.ts";
import { count, number } from "../../text/numbers.ts";
import { InputReader } from "../documents.ts";
import { type Io, Status } from "../io.ts";
import { MAP_LISTS_ISSUES, Messages, retryText } from "../messages.ts";
import { printLines, widthOf } from "../terminal.ts";

export interface CompareTenantOptions {
  readonly format: "text" | "json";
  readonly timestamps: boolean;
  readonly showValues: boolean;
  readonly collectedAt?: string;
  /** The instance. */
  readonly tenant: string;
  /** How many records to try. */
  readonly sample?: number;
}

const DEFAULT_SAMPLE = 200;

/** `500 of 500, 31 rows equal, 1 moved` */
function formText({ comparison: { rows }, records, entities, failedLogs }: FormResult): string {
  if (entities === 0) return `0 entities of ${count(records, "record")}`;
  const ofTable = rows.filter(({ row }) => row !== null);
  const differs = ofTable.filter((row) => row.different + row.only_ours + row.only_theirs > 0);
  const moved = ofTable.filter((row) => row.moved > 0 && !differs.includes(row));
  const equal = ofTable.length - differs.length - moved.length;
  const parts = [
    `${number(entities)} of ${number(records)}, ${count(equal, "row")} equal`,
    ...(moved.length > 0 ? [`${number(moved.length)} moved`] : []),
    ...(differs.length > 0 ? [`${number(differs.length)} different`] : []),
    ...(failedLogs > 0 ? [`the parser failed on ${count(failedLogs, "log")}`] : []),
  ];
  return parts.join(", ");
}

function adviceText({ output, owner }: Recommendation): string {
  if (output === null) return "The parser makes no entity that is ours: check that these are Duo's pages.";
  const place = owner === null ? "" : ` and --owner ${owner}`;
  return `Use OUTPUT=${output}${place} for this tenant.`;
}

function textLines(
  { forms, recommended, isEqual }: TenantComparison,
  options: CompareTenantOptions,
  width: number,
) {
  const { comparison, failedLogs } = forms[recommended.output === "records" ? "records" : "pages"];
  const first = new FirstPlaces();
  for (const pair of comparison.pairs) first.add(pair);
  const lines: Line[] = [
    ...wrap(FORMS.map((form) => `${form}: ${formText(forms[form])}`).join("; "), width),
    ...wrap(adviceText(recommended), width).map((line) => toned(isEqual ? "good" : "error", line)),
    "",
    ...comparisonLines(comparison, first, { withTimestamps: options.timestamps, failedLogs, width }),
  ];
  return lines;
}

/** Reads the sample, and when the latest of its sources was last written. */
async function readSample(inputs: readonly string[], records: number, reader: InputReader) {
  const sample = new Sample(records);
  const isWanted = (source: string): boolean => !sample.has(source);
  let collectedAt = "";
  for await (const { value, place, modified } of reader.documents(inputs, { isWanted })) {
    if (isUdm(value)) {
      throw new ConfigError(`${place.source}: holds UDM entities; compare --tenant takes Duo's pages`);
    }
    if (modified > collectedAt) collectedAt = modified;
    for (const issue of sample.add(value, place)) reader.see(issue);
  }
  return { pages: sample.pages(), collectedAt };
}

/**
 * Runs the tenant's parser over some of the pages' records, as pages and as records, and compares. Nothing is changed
 * in the tenant. Status 1 when the recommended form differs.
 */
export async function compareTenant(
  inputs: readonly string[],
  options: CompareTenantOptions,
  io: Io,
): Promise<Status> {
  const { format, sample = DEFAULT_SAMPLE, tenant, timestamps, showValues } = options;
  const target = targetOf(tenant, io.env);
  const messages = new Messages(io, format === "json");
  if (sample > MAX_LOGS)
    messages.say(`--sample: ${number(MAX_LOGS)} records are the most that the API takes`);
  const reader = new InputReader(io, messages);
  const { pages, collectedAt } = await readSample(inputs, sample, reader);
  if (pages.length === 0) throw new ConfigError("the inputs hold no records: give Duo's pages");
  const client = new SecopsClient(target, await googleCredentials(target.project), {
    onRetry: (retry) => messages.say(retryText(retry)),
  });
  let result: TenantComparison;
  try {
    const parser = await activeParser(client);
    const kind = parser.isCustom ? "a custom parser, not Google's prebuilt one" : "Google's prebuilt parser";
    messages.say(`the tenant's active parser is ${kind} (${parser.name})`);
    result = await compareForms(client, parser, pages, {
      places: placesOf(profileOf(io.choice ?? {})),
      collectedAt: options.collectedAt ?? collectedAt,
      withTimestamps: timestamps,
      showValues,
    });
  } catch (error) {
    if (!(error instanceof SecopsError)) throw error;
    messages.fail(error.message);
    return Status.UNFINISHED;
  }
  messages.close(MAP_LISTS_ISSUES);
  const { forms, recommended } = result;
  if (format === "json") {
    const { pages, records } = forms;
    const json = { forms: { pages: pages.comparison, records: records.comparison }, recommended };
    await printLines(io, [printableJson(stableStringify(json))]);
  } else await printLines(io, textLines(result, options, widthOf(io.stdout)));
  return reader.status(result.isEqual);
}
