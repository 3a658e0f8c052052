/** Bar charts as SVG, drawn without a browser. Colours are the page's own, so they follow light and dark. */

import { parse, type Spec, View } from "vega";
import { percent } from "../text/numbers.ts";
import { Html, html } from "./markup.ts";
import type { Count } from "./summary.ts";

const WIDTH = 340;
const LABELS = 156;
const NUMBERS = 88;
const BAR = 26;
/** Vega takes letters for wider than they are, having no font to measure. */
const NAME_LIMIT = 215;

const FONT = "system-ui, sans-serif";

function specification(counts: readonly Count[]): Spec {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const values = counts.map(({ name, count }) => ({
    name,
    count,
    text: `${count.toLocaleString("en-US")} · ${percent(count / total)}`,
  }));
  return {
    width: WIDTH,
    height: counts.length * BAR,
    padding: 0,
    autosize: "none",
    data: [{ name: "counts", values }],
    scales: [
      {
        name: "name",
        type: "band",
        domain: { data: "counts", field: "name" },
        range: "height",
        paddingInner: 0.35,
        paddingOuter: 0.175,
      },
      {
        name: "count",
        type: "linear",
        domain: [0, total],
        range: [LABELS, WIDTH - NUMBERS],
      },
    ],
    marks: [
      {
        type: "rect",
        aria: false,
        from: { data: "counts" },
        encode: {
          enter: {
            y: { scale: "name", field: "name" },
            height: { scale: "name", band: 1 },
            x: { value: LABELS },
            x2: { value: WIDTH - NUMBERS },
            cornerRadius: { value: 2 },
            fill: { value: "var(--track)" },
          },
        },
      },
      {
        type: "rect",
        aria: false,
        from: { data: "counts" },
        encode: {
          enter: {
            y: { scale: "name", field: "name" },
            height: { scale: "name", band: 1 },
            x: { value: LABELS },
            x2: { scale: "count", field: "count" },
            cornerRadius: { value: 2 },
            fill: { value: "var(--accent)" },
          },
        },
      },
      {
        type: "text",
        aria: false,
        from: { data: "counts" },
        encode: {
          enter: {
            y: { scale: "name", field: "name", band: 0.5 },
            x: { value: 0 },
            text: { field: "name" },
            limit: { value: NAME_LIMIT },
            baseline: { value: "middle" },
            font: { value: FONT },
            fontSize: { value: 12 },
            fill: { value: "currentColor" },
          },
        },
      },
      {
        type: "text",
        aria: false,
        from: { data: "counts" },
        encode: {
          enter: {
            y: { scale: "name", field: "name", band: 0.5 },
            x: { value: WIDTH },
            text: { field: "text" },
            align: { value: "right" },
            baseline: { value: "middle" },
            font: { value: FONT },
            fontSize: { value: 12 },
            fill: { value: "var(--quiet)" },
          },
        },
      },
    ],
  };
}

/** A horizontal bar for each count; to a screen reader one picture, with the counts in its name. */
export async function barChart(title: string, counts: readonly Count[]): Promise<Html> {
  const view = new View(parse(specification(counts)), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  const words = counts.map(({ name, count }) => `${name} ${count.toLocaleString("en-US")}`).join(", ");
  const named = html`<svg role="img" aria-label="${`${title}: ${words}`}" `.text;
  return new Html(svg.replace("<svg ", () => named));
}
