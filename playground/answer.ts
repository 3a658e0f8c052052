/** What the playground is asked, and the answer: the records and issues of an input. */

import { useEffect, useRef, useState } from "preact/hooks";
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

/** Answers the last question asked. */
export function useAnswer({ sources, recordsAt, owner, checked }: Question): Loaded | undefined {
  const [answer, setAnswer] = useState<Loaded>();
  useEffect(() => {
    let isWanted = true;
    setAnswer(undefined);
    const profile = profileOf(checked === "vendor" ? { profile: checked, owner } : { profile: checked });
    const options = { profile, recordsAt: recordsAt === "" ? undefined : parseRecordsAt(recordsAt) };
    loadSources(sources, options, () => isWanted).then((loaded) => {
      if (isWanted) setAnswer(loaded);
    });
    return () => {
      isWanted = false;
    };
  }, [sources, recordsAt, owner, checked]);
  return answer;
}

/** The last answer, while the next is worked out. */
export function useLast<T>(value: T | undefined): T | undefined {
  const last = useRef<T | undefined>(undefined);
  if (value !== undefined) last.current = value;
  return last.current;
}
