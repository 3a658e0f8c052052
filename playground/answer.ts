/** What the playground is asked, and the answer: the records and issues of an input. */

import { useEffect, useState } from "preact/hooks";
import { parseRecordsAt } from "../src/core/page.ts";
import { type ProfileName, profileOf } from "../src/profiles/index.ts";
import type { Owner } from "../src/profiles/vendor.ts";
import { type Loaded, loadSources, type Source } from "./input.ts";

/** What issues call pasted text. */
const SOURCE = "page";

/** What is read, and how. */
export interface Question {
  readonly sources: readonly Source[];
  readonly recordsAt: string;
  readonly owner: Owner;
  readonly checked: ProfileName;
}

export function textSource(text: string): Source {
  return { name: SOURCE, bytes: new TextEncoder().encode(text), modified: new Date().toISOString() };
}

export async function fileSource(file: File): Promise<Source> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { name: file.name, bytes, modified: new Date(file.lastModified).toISOString() };
}

export interface Answer {
  /** The answer to the last question that has one: what is shown while the next is worked out. */
  readonly loaded: Loaded | undefined;
  /** Whether that is the question at hand. */
  readonly isCurrent: boolean;
}

/** Answers a question. */
export function useAnswer(question: Question): Answer {
  const [answer, setAnswer] = useState<{ readonly question: Question; readonly loaded: Loaded }>();
  useEffect(() => {
    let isWanted = true;
    const { sources, recordsAt, owner, checked } = question;
    const profile = profileOf(checked === "vendor" ? { profile: checked, owner } : { profile: checked });
    const options = { profile, recordsAt: recordsAt === "" ? undefined : parseRecordsAt(recordsAt) };
    loadSources(sources, options, () => isWanted).then((loaded) => {
      if (isWanted) setAnswer({ question, loaded });
    });
    return () => {
      isWanted = false;
    };
  }, [question]);
  return { loaded: answer?.loaded, isCurrent: answer?.question === question };
}
