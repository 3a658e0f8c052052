/** What a run's manifest says of the objects that it stored, as far as reading them needs it. */

import { ownField } from "../core/scalar.ts";

/** In the order in which a reader prefers them: pages as Duo sent them say most. */
const OBJECT_FORMS = ["raw", "records", "udm"] as const;
type ObjectForm = (typeof OBJECT_FORMS)[number];

export interface RunObject {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface RunManifest {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly isComplete: boolean;
  /** Each page's object in every form that it has, page by page. */
  readonly pages: readonly { readonly [F in ObjectForm]?: RunObject }[];
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = ownField(value, name);
  return Array.isArray(list) ? list : [];
}

function objectOf(value: unknown): RunObject | undefined {
  const [key, bytes, sha256] = ["key", "bytes", "sha256"].map((name) => ownField(value, name));
  const isWhole = typeof key === "string" && typeof bytes === "number" && typeof sha256 === "string";
  return isWhole ? { key, bytes, sha256 } : undefined;
}

/** The objects of a page. Manifests of older versions name no form: theirs follows from the run's output. */
function formsOf(page: unknown, output: unknown): { readonly [F in ObjectForm]?: RunObject } {
  const named = ownField(page, "form");
  const form = OBJECT_FORMS.find((one) => one === named) ?? (output === "udm" ? "udm" : "raw");
  const objects = {
    raw: undefined,
    records: objectOf(ownField(page, "record_lines")),
    udm: objectOf(ownField(page, "udm")),
    [form]: objectOf(page),
  };
  return Object.fromEntries(
    Object.entries(objects).flatMap(([name, object]) => (object === undefined ? [] : [[name, object]])),
  );
}

/** Reads a manifest; undefined when the text is not a manifest. */
export function readManifest(text: string): RunManifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const [id, start, complete] = ["run_id", "start", "complete"].map((name) => ownField(value, name));
  if (typeof id !== "string" || typeof start !== "string" || typeof complete !== "boolean") return undefined;
  const pages = listOf(value, "resources").flatMap((resource) =>
    listOf(resource, "pages").map((page) => formsOf(page, ownField(value, "output"))),
  );
  return { id, start, isComplete: complete, pages };
}

/** One object for each page: in the first form that `isWanted` takes for any of them. */
export function objectsIn({ pages }: RunManifest, isWanted: (key: string) => boolean): readonly RunObject[] {
  for (const form of OBJECT_FORMS) {
    const objects = pages.flatMap((page) => page[form] ?? []).filter(({ key }) => isWanted(key));
    if (objects.length > 0) return objects;
  }
  return [];
}
