/** `explain`: what the table makes of one record, row by row. */

import { explainRecord } from "../../core/explain.ts";
import { readPage } from "../../core/page.ts";
import { PLAN } from "../../core/plan.ts";
import { IDENTIFYING_KEY, resourceOf } from "../../core/resource.ts";
import { isObject } from "../../core/scalar.ts";
import { readDocuments } from "../../io/documents.ts";
import { ConfigError } from "../../io/errors.ts";
import { openAhead } from "../../io/sources.ts";
import { sourcesOf } from "../../work/turns.ts";
import { explanationJson, explanationLines, type Subject } from "../explanation.ts";
import { type Io, Status } from "../io.ts";
import { issueLine, Messages } from "../messages.ts";
import { print, printJson, widthOf } from "../terminal.ts";

export interface ExplainOptions {
  /** The record's index over all of the input, from 0. */
  readonly record?: number;
  /** A value of one of the record's identifying fields. */
  readonly id?: string;
  readonly collectedAt?: string;
  readonly format: "text" | "json";
}

/** The fields that tell a record from others: Duo's own keys, and what the table makes an identity of. */
const ID_FIELDS: readonly string[] = [
  ...Object.values(IDENTIFYING_KEY),
  ...PLAN.rows.filter(({ index }) => PLAN.identity.includes(index)).map(({ row }) => row.log_field),
];

function isNamed(record: unknown, id: string): boolean {
  return (
    isObject(record) &&
    ID_FIELDS.some((field) => Object.hasOwn(record, field) && String(record[field]) === id)
  );
}

interface Found {
  readonly subject: Subject;
  readonly raw: unknown;
  readonly pageTimestamp: unknown;
  readonly modified: string;
}

/** Explains the record asked for: by its index over the input, by an id, or the first. */
export async function explain(input: string, options: ExplainOptions, io: Io): Promise<Status> {
  const { id, record: wanted = 0 } = options;
  const messages = new Messages(io);
  let records = 0;
  let found: Found | undefined;
  search: for await (const source of openAhead(await sourcesOf([input], [], io))) {
    for await (const document of readDocuments(source)) {
      if (document.kind === "invalid") {
        messages.complain(issueLine(document.issue, document.hint));
        continue;
      }
      const page = readPage(document.value, { source: source.name });
      for (const issue of page.issues) messages.complain(issueLine(issue));
      for (const [record, raw] of page.records.entries()) {
        const isWanted = id === undefined ? records === wanted : isNamed(raw, id);
        records++;
        if (!isWanted) continue;
        const place = document.index === undefined ? {} : { document: document.index };
        const resource = resourceOf(source.name, page.records);
        const subject = { source: source.name, ...place, record, resource };
        found = { subject, raw, pageTimestamp: page.timestamp, modified: document.modified };
        break search;
      }
    }
  }
  messages.close("");
  if (found === undefined) {
    const what = id === undefined ? `record ${wanted}` : "a record with that id";
    throw new ConfigError(`${input}: holds no ${what.replace(/^a /, "")}; it holds ${records} records`);
  }
  const { subject, raw, pageTimestamp, modified } = found;
  const explanation = explainRecord(raw, { collectedAt: options.collectedAt ?? modified, pageTimestamp });
  if (options.format === "json") await printJson(io, explanationJson(subject, explanation));
  else await print(io, explanationLines(subject, explanation, widthOf(io)));
  return Status.DONE;
}
