/** Work that must end in time, or when somebody asks for it. */

/** The longest time that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Does `work`, and aborts its signal after `ms` milliseconds or when one of `signals` is aborted. (What
 * `AbortSignal.any` makes of `AbortSignal.timeout` may be collected as garbage before its time comes.)
 */
export async function within<T>(
  ms: number,
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const abort = () => limit.abort();
  const timer = ms > 0 && ms <= LONGEST_MS ? setTimeout(abort, Math.ceil(ms)) : undefined;
  if (ms <= 0) abort();
  for (const signal of signals) {
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  }
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
    for (const signal of signals) signal.removeEventListener("abort", abort);
  }
}

/** What `work` gives, or what `late` gives or throws if `signal` is aborted first: for work that takes no signal. */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>, late: () => T): Promise<T> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  return Promise.race([work, aborted.then(late)]);
}
