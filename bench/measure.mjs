export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Runs the jobs in turns and adds the milliseconds of each to its times. `after` runs after each and is not timed. */
export async function inTurns(jobs, rounds, times = {}, after = () => {}) {
  for (let round = 0; round < rounds; round++) {
    for (const [name, job] of Object.entries(jobs)) {
      const start = performance.now();
      await job();
      times[name] ??= [];
      times[name].push(performance.now() - start);
      after();
    }
  }
  return times;
}

export const medians = (times) =>
  Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
