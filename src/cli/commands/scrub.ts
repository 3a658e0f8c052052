/** `scrub`: pages with invented people and devices in the place of those they hold. */

import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { issue } from "../../core/issue.ts";
import { documentsOf } from "../../core/page.ts";
import { readDocuments } from "../../io/documents.ts";
import { ConfigError, InputError } from "../../io/errors.ts";
import { openOutput } from "../../io/output.ts";
import type { Source } from "../../io/sources.ts";
import { hmacOf } from "../../scrub/hmac.ts";
import { Scrubber } from "../../scrub/scrub.ts";
import { scrubLines } from "../../scrub/summary.ts";
import { TooDeep } from "../../scrub/walk.ts";
import { count, number } from "../../text/numbers.ts";
import { fileNames } from "../file-names.ts";
import { forcesPathStyle, sourcesOf } from "../inputs.ts";
import { type Io, Status } from "../io.ts";
import { issueLine, Messages } from "../messages.ts";
import { printLines, widthOf } from "../terminal.ts";

export interface ScrubCommandOptions {
  readonly out: string;
  readonly key?: string;
  readonly keep?: readonly string[];
}

/** A source that can be read twice: what standard input holds is kept. */
async function readableTwice(source: Source): Promise<Source> {
  if (source.name !== "-") return source;
  const { bytes } = await source.open();
  const kept = Buffer.isBuffer(bytes) ? bytes : await buffer(bytes);
  return { ...source, open: async () => ({ bytes: kept }) };
}

/**
 * Writes every document of the inputs anew. All of them are read twice: first for what identifies people and devices,
 * then to replace it. A document that cannot be read is left out, with status 1.
 */
export async function scrub(
  inputs: readonly string[],
  { out, key, keep = [] }: ScrubCommandOptions,
  io: Io,
): Promise<Status> {
  if (key === "") throw new ConfigError("--key is empty: anyone could undo the replacements");
  const folder = out.endsWith("/") ? out : `${out}/`;
  const messages = new Messages(io);
  const scrubber = new Scrubber(hmacOf(key ?? randomBytes(32)), new Set(keep), io.recordsAt);
  let isRejected = false;
  let isUnreadable = false;
  let documents = 0;

  /** Shows each document of a source, its text and its value. */
  const read = async (
    source: Source,
    isFirst: boolean,
    see: (text: string, value: unknown) => void | Promise<void>,
  ): Promise<void> => {
    for await (const document of readDocuments(source)) {
      let complaint: string | undefined;
      if (document.kind === "invalid") complaint = issueLine(document.issue);
      else if (documentsOf(document.value, io.recordsAt).every((one) => one === undefined)) {
        const place = document.index === undefined ? {} : { document: document.index };
        complaint = issueLine(issue("RECORDS_AT_NOTHING", { source: source.name, ...place }));
      } else {
        try {
          await see(document.bytes.toString("utf8"), document.value);
        } catch (error) {
          if (!(error instanceof TooDeep)) throw error;
          const place = document.index === undefined ? "" : `, document ${document.index}`;
          complaint = `${source.name}${place}: is nested too deep, and is left out`;
        }
      }
      if (complaint === undefined || !isFirst) continue;
      isRejected = true;
      messages.complain(complaint);
    }
  };

  const sources: Source[] = [];
  for await (const source of await sourcesOf(inputs, [folder], io)) {
    const readable = await readableTwice(source);
    try {
      let isAny = false;
      await read(readable, true, (text, value) => {
        scrubber.learn(text, value, source.name);
        isAny = true;
      });
      // A source without documents leaves no file.
      if (isAny) sources.push(readable);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      isUnreadable = true;
      messages.complain(error.message);
    }
    messages.progress(() => `${count(sources.length, "input")} read`);
  }
  const names = fileNames(sources, folder, (stem, ending) => scrubber.fileName(stem) + (ending || ".json"));
  let files = 0;
  for (const source of sources) {
    const output = await openOutput(names.of(source), forcesPathStyle(io));
    try {
      await read(source, false, async (text, value) => {
        await output.write(`${scrubber.replace(text, value, source.name)}\n`);
        documents++;
      });
      await output.commit();
    } catch (error) {
      await output.discard();
      throw error;
    }
    files++;
    messages.progress(() => `${number(files)} of ${count(sources.length, "input")} written`);
  }
  messages.close("they are left out");
  for (const name of scrubber.unused()) messages.say(`--keep ${name}: the pages have no field of that name`);
  await printLines(io, scrubLines({ fields: scrubber.fields, documents, files, folder }, widthOf(io.stdout)));
  if (isUnreadable) return Status.UNFINISHED;
  return isRejected ? Status.REJECTED : Status.DONE;
}
