/** `compare`: two sets of entities side by side, whoever made them. */

import stableStringify from "fast-json-stable-stringify";
import { readInStep } from "../../compare/compare.ts";
import { Comparing, type Comparison, type SideEvent } from "../../compare/comparison.ts";
import { type Places, placesOf } from "../../compare/places.ts";
import { eventsOf, holdsEntities } from "../../compare/sides.ts";
import { comparisonLines, FirstPlaces, isEqual } from "../../compare/text.ts";
import { ConfigError } from "../../io/errors.ts";
import { type Output, streamOutput } from "../../io/output.ts";
import { type ProfileName, profileOf } from "../../profiles/index.ts";
import { printableJson } from "../../text/escape.ts";
import { number } from "../../text/numbers.ts";
import { InputReader } from "../documents.ts";
import type { Io, Status } from "../io.ts";
import { MAP_LISTS_ISSUES, Messages } from "../messages.ts";
import { printLines, widthOf } from "../terminal.ts";

export interface CompareOptions {
  readonly format: "text" | "json";
  readonly timestamps: boolean;
  readonly showValues: boolean;
  readonly collectedAt?: string;
  /** What maps the second side. */
  readonly theirProfile?: ProfileName;
}

/** From this number of waiting entities on, the user is told how much memory they take. */
const MANY_HELD = 100_000;
/** Pairs go to the output once they have this number of characters. */
const CHUNK = 1 << 16;

/** The pairs on their way out as the first part of the JSON output. */
class PairList {
  readonly #output: Output;
  #next = '{"pairs":[\n';
  #text = "";

  constructor(output: Output) {
    this.#output = output;
  }

  add(pair: object): void {
    this.#text += this.#next + printableJson(stableStringify(pair));
    this.#next = ",\n";
  }

  /** Writes what has come together, when it is worth it. */
  async flush(least = CHUNK): Promise<void> {
    if (this.#text.length < least) return;
    const text = this.#text;
    this.#text = "";
    await this.#output.write(text);
  }

  async close({ summary, rows, explained_by }: Comparison): Promise<void> {
    this.#text += `${this.#next === ",\n" ? "\n" : '{"pairs":['}],`;
    this.#text += `"explained_by":${stableStringify(explained_by)},"rows":${stableStringify(rows)},`;
    this.#text += `"summary":${stableStringify(summary)}}\n`;
    await this.flush(0);
  }
}

/** Compares two sides. Status 1 when they differ or something on a side was rejected. */
export async function compare(
  [ours = "", theirs, ...others]: readonly string[],
  options: CompareOptions,
  io: Io,
): Promise<Status> {
  const { format, timestamps, showValues, collectedAt, theirProfile } = options;
  if (theirs === undefined || others.length > 0) {
    throw new ConfigError("give two sides, or pages and --tenant");
  }
  if (ours === "-" && theirs === "-") throw new ConfigError("standard input (-) can be one side only");
  const messages = new Messages(io, format === "json");
  const list = format === "json" ? new PairList(streamOutput(io.stdout)) : undefined;
  const first = new FirstPlaces();
  const choice = io.choice ?? {};
  const places = placesOf(profileOf(choice));
  const theirPlaces =
    theirProfile === undefined ? undefined : placesOf(profileOf({ ...choice, profile: theirProfile }));
  const comparing = new Comparing({
    places,
    theirPlaces,
    withTimestamps: timestamps,
    showValues,
    onPair: (pair) => {
      first.add(pair);
      list?.add(pair);
    },
  });
  const reader = new InputReader(io, messages);
  let entities = 0;
  let isTold = false;

  const tellOfMemory = (): void => {
    if (isTold || comparing.held < MANY_HELD) return;
    isTold = true;
    messages.say(
      "the sides are in different orders or of different profiles, so entities wait in memory for their counterparts: " +
        `more than ${number(MANY_HELD)} do now. With sides in the same order, few have to wait`,
    );
  };

  const reading = { isDocument: holdsEntities };
  async function* side(input: string, places: Places): AsyncGenerator<SideEvent> {
    for await (const { value, place, modified, at } of reader.documents([input], reading)) {
      const context = { ...place, places, at, collectedAt: collectedAt ?? modified };
      for (const told of eventsOf(value, context)) {
        if (told.kind === "issue") reader.see(told.issue);
        else {
          if (told.kind === "entity") entities++;
          yield told;
        }
      }
      messages.progress(() => `${number(entities)} entities compared`);
      tellOfMemory();
      await list?.flush();
    }
  }

  await readInStep(side(ours, places), side(theirs, theirPlaces ?? places), comparing);
  messages.close(MAP_LISTS_ISSUES);
  const result = comparing.result();
  const { failedLogs } = comparing;
  if (list !== undefined) await list.close(result);
  else {
    const lines = comparisonLines(result, first, {
      withTimestamps: timestamps,
      failedLogs,
      profiles: comparing.profiles,
      width: widthOf(io.stdout),
    });
    await printLines(io, lines);
  }
  return reader.status(isEqual(result));
}
