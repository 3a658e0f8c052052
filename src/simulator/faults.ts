/** What the simulator can do wrong on demand, as the real service and the networks before it have done. */

import { RESOURCES, type Resource } from "../core/resource.ts";

/** Each fault, and whether it passes after a time or stays. */
const KINDS = {
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
  /** `next_offset` stays where it was. */
  "stuck-offset": "stays",
  /** 500 for ever. */
  dead: "stays",
  /** 200 with `stat` "FAIL". */
  fail: "stays",
  /** 403 with Duo's code 40301: the application lacks the permission. */
  forbidden: "stays",
} as const;

export type FaultKind = keyof typeof KINDS;
const isKind = (text: string): text is FaultKind => Object.hasOwn(KINDS, text);

export interface Fault {
  readonly kind: FaultKind;
  /** Only requests for this resource, or this offset. Default: all. */
  readonly resource?: Resource;
  readonly offset?: number;
  /** So many times. Default: once for faults that pass, always for those that stay. */
  readonly times?: number;
  /** Only every so-manieth matching request, from then on without end unless `times` is given. */
  readonly every?: number;
  /** Seconds for `Retry-After`. */
  readonly retryAfter?: number;
}

/** Picks the fault for each request; keeps count of what has been matched and used. */
export class Faults {
  readonly #rules: { readonly fault: Fault; seen: number; left: number }[];

  constructor(faults: readonly Fault[]) {
    this.#rules = faults.map((fault) => {
      const once = KINDS[fault.kind] === "passes" && fault.every === undefined;
      return { fault, seen: 0, left: fault.times ?? (once ? 1 : Number.POSITIVE_INFINITY) };
    });
  }

  next(resource: Resource, offset: number): Fault | undefined {
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

export const FAULT_KINDS = Object.keys(KINDS).filter(isKind);

/** Reads `kind[,resource=R][,offset=N][,times=N][,every=N][,retry-after=N]`; undefined when it is not that. */
export function parseFault(text: string): Fault | undefined {
  const [kind = "", ...settings] = text.split(",");
  if (!isKind(kind)) return undefined;
  let fault: Fault = { kind };
  for (const setting of settings) {
    const [, name, value = ""] = /^([a-z-]+)=(\w+)$/.exec(setting) ?? [];
    const resource = RESOURCES.find((one) => one === value);
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
