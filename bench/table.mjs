// The table that the bench prints, line by line, in 80 columns.
const row = (job, measured, records, ratio) =>
  console.log(
    `${job.padEnd(33)}  ${measured.padStart(15)}  ${records.padStart(13)}  ${ratio.padStart(11)}`.trimEnd(),
  );

/** Begins a section, whose title says what the ratio is of. */
export function section(title, ratio, records = "") {
  console.log(`\n${title}`);
  row("", "", records, ratio);
}

export const print = ({ job, measured, records, ratio }) =>
  row(
    `  ${job}`,
    measured,
    records === undefined ? "" : Math.round(records).toLocaleString("en"),
    ratio.toFixed(2),
  );
