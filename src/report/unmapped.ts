/** The fields that no row reads, ranked by how many records have them. */

import type { FieldCoverage, ResourceCoverage } from "../coverage/coverage.ts";
import { typesOf } from "../coverage/fields.ts";
import { count as many, percent } from "../text/numbers.ts";
import { breakable, type Html, html, NOTHING } from "./markup.ts";

interface Ranked {
  readonly resource: string;
  readonly field: FieldCoverage;
  readonly share: number;
}

const SHOWN = 15;

/** A field of the record itself, not of what it contains. */
const isOwn = (path: string): boolean => !/[.[]/.test(path.replace(/^\["(?:[^"\\]|\\.)*"\]/, ""));

function ranked(resources: readonly ResourceCoverage[]): Ranked[] {
  const all = resources.flatMap(({ resource, records, skipped, unmapped }) => {
    const objects = records - skipped.RECORD_NOT_OBJECT;
    return unmapped.map((field) => ({ resource, field, share: field.records / objects }));
  });
  return all.sort(
    (a, b) => Number(isOwn(b.field.path)) - Number(isOwn(a.field.path)) || b.field.records - a.field.records,
  );
}

function table(caption: string, fields: readonly Ranked[]): Html {
  const rows = fields.map(
    ({ resource, field, share }) =>
      html`<tr><th scope="row"><code>${breakable(field.path)}</code></th><td>${resource}</td><td class="types">${typesOf(field).join(", ")}</td>
<td class="n" data-name="Records">${field.records}</td><td class="n" data-name="Share">${percent(share)}</td></tr>`,
  );
  return html`<div class="scroll"><table class="stack"><caption>${caption}</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Resource</th><th scope="col">Types</th><th scope="col" class="n">Records</th><th scope="col" class="n">Share</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

export function unmappedSection(resources: readonly ResourceCoverage[]): Html {
  const all = ranked(resources);
  const rest = all.slice(SHOWN);
  return html`<section id="unmapped" aria-labelledby="unmapped-title">
<h2 id="unmapped-title">Unmapped fields</h2>
<p>${all.length === 0 ? "None: a row reads every field." : `${many(all.length, "field")} of the records that no row of the table reads. Fields of the record itself come first, then those inside them.`}</p>
${all.length === 0 ? NOTHING : table("Those that most records have", all.slice(0, SHOWN))}
${rest.length === 0 ? NOTHING : html`<details><summary>${many(rest.length, "more field")}</summary>${table("All others", rest)}</details>`}
</section>`;
}
