/** The fields that no row reads, ranked by what they are worth to detection. */

import { count as many, percent } from "../text/numbers.ts";
import type { Link } from "./links.ts";
import { breakable, type Html, html, NOTHING, shortTarget, withOptions } from "./markup.ts";
import type { UnmappedField, Worth } from "./worth.ts";

/** Fields of each kind that are shown without being asked for. */
const SHOWN = 5;

/** The kinds of places that the enriched profile has for fields, in words. */
const PLACES: readonly { readonly worth: Worth; readonly title: string }[] = [
  { worth: "identity", title: "Joins entities and events" },
  { worth: "relation", title: "Owners, devices and groups" },
  { worth: "field", title: "A UDM field of its own" },
  { worth: "label", title: "A label" },
];

/** Fields without such a place, and why. */
const REASONS: readonly { readonly worth: Worth; readonly title: string; readonly why: string }[] = [
  {
    worth: "unread",
    title: "that no profile reads",
    why: "Neither profile knows them. Duo may have added them.",
  },
  {
    worth: "elsewhere",
    title: "that the enriched profile reads from other records",
    why: "Copies inside a record of what another resource says first-hand. Collect that resource too.",
  },
  {
    worth: "left_out",
    title: "that the enriched profile leaves out on purpose",
    why: "They are personal, retired, or of no use to detection.",
  },
  { worth: "empty", title: "without a value", why: "They are null or empty in every record." },
];

function noteOf({ udm, from, why }: UnmappedField): Html {
  if (from !== undefined && udm !== undefined) return html`${breakable(shortTarget(udm))}, from ${from}`;
  return udm === undefined ? html`${why ?? ""}` : breakable(shortTarget(udm));
}

const line = (field: UnmappedField, hasNote: boolean, link: Link): Html =>
  html`<tr><th scope="row"><code>${breakable(field.path)}</code></th><td>${field.resource}</td>${hasNote ? html`<td class="target">${noteOf(field)}</td>` : NOTHING}
<td class="n" data-name="Records">${link(field.records, { resource: field.resource, field: field.path })}</td><td class="n" data-name="Share">${percent(field.share)}</td></tr>`;

function table(caption: string, note: string, bodies: readonly Html[]): Html {
  const head = note === "" ? NOTHING : html`<th scope="col">${note}</th>`;
  return html`<div class="scroll"><table class="stack fields"><caption>${caption}</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Resource</th>${head}<th scope="col" class="n">Records</th><th scope="col" class="n">Share</th></tr></thead>
${bodies}</table></div>`;
}

/** Fields with a place, grouped by its kind. */
function placed(caption: string, fields: readonly UnmappedField[], link: Link): Html {
  const bodies = PLACES.flatMap(({ worth, title }) => {
    const group = fields.filter((field) => field.worth === worth);
    if (group.length === 0) return [];
    return [
      html`<tbody><tr class="group"><th scope="rowgroup" colspan="5">${title}</th></tr>${group.map((field) => line(field, true, link))}</tbody>`,
    ];
  });
  return table(caption, "UDM field that could take it", bodies);
}

function unplaced(
  { worth, why }: (typeof REASONS)[number],
  fields: readonly UnmappedField[],
  link: Link,
): Html {
  const note = worth === "elsewhere" ? "UDM field, and where from" : worth === "left_out" ? "Why" : "";
  return table(why, note, [html`<tbody>${fields.map((field) => line(field, note !== "", link))}</tbody>`]);
}

const hasPlace = ({ worth }: UnmappedField): boolean => PLACES.some((place) => place.worth === worth);

/** How many fields the enriched profile has a place for. */
export const placedCount = (fields: readonly UnmappedField[]): number => fields.filter(hasPlace).length;

function lead(all: number, withPlace: number): Html {
  if (all === 0) return html`None: a row reads every field.`;
  const fields = `${many(all, "field")} of the records that no row of the table reads.`;
  if (withPlace === 0) return html`${fields}`;
  return withOptions(
    `${fields} The enriched profile has a place for ${withPlace === all ? "all" : withPlace} of them: --profile enriched writes these.`,
  );
}

function folded(title: string, content: Html, isOpen: boolean): Html {
  return html`<details${isOpen ? html` open` : NOTHING}><summary>${title}</summary>${content}</details>`;
}

export function unmappedSection(fields: readonly UnmappedField[], link: Link): Html {
  const withPlace = fields.filter(hasPlace);
  const kinds = PLACES.map(({ worth }) => fields.filter((field) => field.worth === worth));
  const rest = kinds.flatMap((kind) => kind.slice(SHOWN));
  const others = REASONS.flatMap((reason) => {
    const group = fields.filter(({ worth }) => worth === reason.worth);
    if (group.length === 0) return [];
    const isOpen = withPlace.length === 0 && reason.worth === "unread";
    return [folded(`${many(group.length, "field")} ${reason.title}`, unplaced(reason, group, link), isOpen)];
  });
  return html`<section id="unmapped" aria-labelledby="unmapped-title">
<h2 id="unmapped-title">Unmapped fields</h2>
<p>${lead(fields.length, withPlace.length)}</p>
${
  withPlace.length === 0
    ? NOTHING
    : placed(
        "By what they are worth to detection: what rules join on comes first, and labels come last",
        kinds.flatMap((kind) => kind.slice(0, SHOWN)),
        link,
      )
}
${rest.length === 0 ? NOTHING : folded(`${many(rest.length, "more field")} that the enriched profile reads`, placed("The next in worth", rest, link), false)}
${others}
${rest.length + others.length === 0 ? NOTHING : html`<p class="paper quiet">The page on screen lists all of them.</p>`}
</section>`;
}
