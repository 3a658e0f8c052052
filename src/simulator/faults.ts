/** Faults that a simulator shows on demand, as the real services and the networks before them have done. */

import type { Resource } from "../core/resource.ts";

/** Faults by their names, and whether each passes after a time or stays. */
export type FaultKinds<K extends string> = { readonly [kind in K]: "passes" | "stays" };

/** The faults of the Duo simulator. */
export const DUO_FAULTS = {
  /** 429, with `Retry-After` when `retryAfter` is given. */
  "rate-limit": "passes",
  /** 500 with Duo's error body. */
  "server-error": "passes",
  /** 502 with an HTML page. */
  html: "passes",
  /** 200 with an HTML page. */
  "html-ok": "passes",
  /** The connection is closed without an answer. */
  drop: "passes",
  /** Half of the body, then the connection is closed. */
  truncate: "passes",
  /** Half of the body, announced as if it were all. */
  cut: "passes",
  /** A byte that is not UTF-8 in the body. */
  "not-utf8": "passes",
  /** `next_offset` stays where it was. */
  "stuck-offset": "stays",
  /** `next_offset` lies far beyond the records there are. */
  "runaway-offset": "stays",
  /** `next_offset` and `total_objects` are text. */
  "text-offsets": "stays",
  /** `total_objects` is one fewer with each page: records are deleted meanwhile. */
  shrinking: "stays",
  /** Pages without a record, each of which names a next one. */
  "empty-pages": "stays",
  /** The first page again and again, under offsets that grow. */
  "repeated-pages": "stays",
  /** The page says it is the last, although there are more records. */
  short: "stays",
  /** `response` is null. */
  "null-response": "stays",
  /** Elements of `response` that are not objects, between those that are. */
  "odd-elements": "stays",
  /** Records of 60,000 characters each, so that a full page is longer than a feed takes. */
  "long-lines": "stays",
  /** A body without end. */
  endless: "stays",
  /** A page of 70 MB. */
  huge: "stays",
  /** 302 to a sign-in page. */
  redirect: "stays",
  /** 200 with a sign-in page. */
  portal: "stays",
  /** 403 with a proxy's HTML page. */
  blocked: "stays",
  /** 407, as a proxy asks for a login. */
  "proxy-login": "stays",
  /** 400 with a message that repeats the request's headers. */
  echo: "stays",
  /** 500 every time. */
  dead: "stays",
  /** 200 with `stat` "FAIL". */
  fail: "stays",
  /** 403 with Duo's code 40301: the application lacks the permission. */
  forbidden: "stays",
  /** 401 with Duo's code 40105: the caller's clock is wrong. */
  "late-clock": "stays",
} as const;

export type FaultKind = keyof typeof DUO_FAULTS;

/** A fault of one of the kinds `K`, in requests for one of the resources `R`. */
export interface Fault<K extends string = FaultKind, R extends string = Resource> {
  readonly kind: K;
  /** Only requests for this resource, or this offset. Default: all. */
  readonly resource?: R;
  readonly offset?: number;
  /** How many times it happens. Default: once for faults that pass, always for those that stay. */
  readonly times?: number;
  /** Only every nth matching request, without end unless `times` is given. */
  readonly every?: number;
  /** Seconds for `Retry-After`. */
  readonly retryAfter?: number;
}

/** Picks the fault for each request, and counts what has been matched and used. */
export class Faults<K extends string, R extends string> {
  readonly #rules: { readonly fault: Fault<K, R>; seen: number; left: number }[];

  constructor(faults: readonly Fault<K, R>[], kinds: FaultKinds<K>) {
    this.#rules = faults.map((fault) => {
      const once = kinds[fault.kind] === "passes" && fault.every === undefined;
      return { fault, seen: 0, left: fault.times ?? (once ? 1 : Number.POSITIVE_INFINITY) };
    });
  }

  next(resource: R, offset: number): Fault<K, R> | undefined {
    const rule = this.#rules.find((one) => {
      const { fault } = one;
      if ((fault.resource ?? resource) !== resource || (fault.offset ?? offset) !== offset) return false;
      one.seen++;
      return one.left > 0 && one.seen % (fault.every ?? 1) === 0;
    });
    if (rule !== undefined) rule.left--;
    return rule?.fault;
  }
}

/** How a fault is written. */
export const FAULT_FORM = "KIND[,resource=R][,offset=N][,times=N][,every=N][,retry-after=N]";

/** Reads a fault of the form {@link FAULT_FORM}; undefined when it is not that. */
export function readFault<K extends string, R extends string>(
  text: string,
  kinds: FaultKinds<K>,
  resources: readonly R[],
): Fault<K, R> | undefined {
  const [kind = "", ...settings] = text.split(",");
  const isKind = (one: string): one is K => Object.hasOwn(kinds, one);
  if (!isKind(kind)) return undefined;
  let fault: Fault<K, R> = { kind };
  for (const setting of settings) {
    const [, name, value = ""] = /^([a-z-]+)=(\w+)$/.exec(setting) ?? [];
    const resource = resources.find((one) => one === value);
    const number = /^\d{1,9}$/.test(value) ? Number(value) : undefined;
    if (name === "resource" && resource !== undefined) fault = { ...fault, resource };
    else if (number === undefined) return undefined;
    else if (name === "offset") fault = { ...fault, offset: number };
    else if (name === "times") fault = { ...fault, times: number };
    else if (name === "every" && number > 0) fault = { ...fault, every: number };
    else if (name === "retry-after") fault = { ...fault, retryAfter: number };
    else return undefined;
  }
  return fault;
}
