/** The report's style sheet: one accent colour, the system's own fonts, light and dark, screen and paper. */

import { Html } from "./markup.ts";

export const STYLE = new Html(`
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --surface: #ffffff; --line: #dde1e7; --text: #1b2130; --quiet: #566074;
  --accent: #2563a8; --error: #a4262c; --warning: #7a5200; --track: #e9edf2;
  --good: #1a6b3c; --good-back: #eef8f1; --bad: #a4262c; --bad-back: #fdf1f0; --badge: #ffffff; --alarm: #a4262c;
  --owned: #2563a8; --unowned: #93b8df; --at-risk: #d9822b; --skipped: #c6cdd7; --lost: #e3a3a0;
  --heat-1: #e6eef7; --heat-2: #c9dcf0; --heat-3: #9fc1e4; --heat-4: #2f6fb5; --heat-5: #1d4f8a;
  --heat-strong: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151b; --surface: #1a1f28; --line: #313947; --text: #e6e9ef; --quiet: #a3adbd;
    --accent: #6ea8e6; --error: #ff9a94; --warning: #e9bd62; --track: #2a313d;
    --good: #7bd69a; --good-back: #16261d; --bad: #ff9a94; --bad-back: #2c1a1b; --badge: #12151b; --alarm: #7d1f24;
    --owned: #6ea8e6; --unowned: #34588a; --at-risk: #e39a4c; --skipped: #47505f; --lost: #6b3537;
    --heat-1: #1d2a3b; --heat-2: #213a57; --heat-3: #27507e; --heat-4: #5b9be0; --heat-5: #9cc7f5;
    --heat-strong: #0d1117;
  }
}
@media (prefers-reduced-motion: no-preference) {
  html { scroll-behavior: smooth; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
.frame { max-width: 80rem; margin: 0 auto; padding: 0 1.5rem; }
header { background: var(--surface); border-bottom: 1px solid var(--line); padding: 1.75rem 0 0; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.25rem; letter-spacing: -0.01em; }
h2 { font-size: 1.1875rem; line-height: 1.3; margin: 0 0 0.25rem; }
h3 { font-size: 0.9375rem; margin: 0; }
p { margin: 0 0 0.75rem; max-width: 52rem; }
.quiet, header p, section > p { color: var(--quiet); }
nav ul { display: flex; flex-wrap: wrap; gap: 0 1.5rem; list-style: none; margin: 0.75rem 0 0; padding: 0; }
nav a { display: inline-block; padding: 0.5rem 0; color: var(--text); text-decoration: none; border-bottom: 2px solid transparent; }
nav a:hover { border-color: var(--accent); }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--surface); padding: 0.5rem 0.75rem; }
section { margin: 2.25rem 0; }
code { font: 0.8125rem/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }

.origin { display: flex; flex-wrap: wrap; gap: 0.25rem 2rem; margin: 0.5rem 0 0; font-size: 0.8125rem; }
.origin > div { display: flex; gap: 0.5rem; min-width: 0; }
.origin dt { color: var(--quiet); } .origin dd { margin: 0; overflow-wrap: anywhere; }

.personal { background: var(--alarm); color: #ffffff; padding: 0.625rem 0; } .personal code { font-size: inherit; }
.verdict { background: var(--surface); border: 1px solid var(--line); border-left: 6px solid var(--tone); border-radius: 8px; padding: 1.25rem 1.5rem; margin-top: 1.5rem; }
.ready { --tone: var(--good); --tint: var(--good-back); } .not-ready { --tone: var(--bad); --tint: var(--bad-back); }
.verdict h2 { font-size: 1.375rem; margin-bottom: 0.5rem; }
.verdict h2 + p { font-size: 1.0625rem; color: var(--text); max-width: none; }
.badge { display: inline-block; background: var(--tone); color: var(--badge); border-radius: 4px; padding: 0 0.5rem; margin-right: 0.375rem; letter-spacing: 0.02em; white-space: nowrap; }
.verdict h3 { margin: 1.25rem 0 0.375rem; }
.verdict ol { margin: 0; padding-left: 1.25rem; max-width: 60rem; }
.verdict li { margin-bottom: 0.5rem; } .verdict li::marker { color: var(--quiet); }
.funnel { position: relative; height: 1.75rem; border-radius: 4px; overflow: hidden; margin: 1rem 0 0.75rem; }
.funnel > div { position: absolute; inset: 0 auto 0 0; } .funnel > .at-risk { top: 65%; min-width: 4px; }
.records { background: var(--skipped); } .entities { background: var(--unowned); }
.lost { background: repeating-linear-gradient(135deg, var(--bad) 0 6px, var(--lost) 6px 12px); }
.owned { background: var(--owned); } .at-risk { background: var(--at-risk); }
.key { display: inline-block; width: 0.75rem; height: 0.75rem; border-radius: 2px; margin-right: 0.375rem; vertical-align: -0.0625rem; }
.steps { display: grid; grid-template-columns: repeat(4, 1fr); gap: 0.5rem 1rem; margin: 0; }
.steps dt { color: var(--quiet); font-size: 0.8125rem; } .steps dd { margin: 0; }
.severity a, .stack td a, .card p a, .numbers td a, .bars td a, .heat td a, .fields td a, td.n a, .steps .number a { color: inherit; text-decoration-thickness: 1px; text-underline-offset: 2px; text-decoration-color: color-mix(in srgb, currentColor 45%, transparent); }
.steps .number { font-size: 1.375rem; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; }
.steps .note { color: var(--quiet); font-size: 0.8125rem; }

.columns { columns: 3 20rem; column-gap: 1rem; margin-top: 1rem; }
.columns .card { break-inside: avoid; margin-bottom: 1rem; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 0.875rem 1rem; margin: 0; min-width: 0; }
.card > p { margin-bottom: 0.5rem; font-size: 0.8125rem; }
.card .bars { margin-top: 0.75rem; table-layout: fixed; } .card .bars caption { font-weight: 600; padding-bottom: 0.25rem; overflow-wrap: anywhere; }
.card .bars th, .card .bars td { border: 0; vertical-align: middle; }
.bars th { width: 38%; overflow-wrap: anywhere; }
.bars .bar > div { background: var(--track); border-radius: 2px; height: 0.875rem; overflow: hidden; }
.bars .bar > div > div { background: var(--accent); height: 100%; }
.bars .n { width: 3.5rem; } .bars .n + .n { width: 3rem; color: var(--quiet); }
.alike { margin-top: 0.75rem; font-size: 0.8125rem; } .alike p { margin: 0 0 0.25rem; font-weight: 600; }
.alike dl { margin: 0; } .alike dl > div { display: flex; flex-wrap: wrap; gap: 0 0.5rem; }
.alike dt { color: var(--quiet); } .alike dd { margin: 0; }
details { margin-top: 0.5rem; font-size: 0.8125rem; }
summary { cursor: pointer; color: var(--accent); width: fit-content; padding: 0.125rem 0; }

.scroll { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; margin-top: 1rem; position: relative; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
caption { text-align: left; }
.scroll caption { padding: 0.75rem 1rem 0.5rem; color: var(--quiet); font-size: 0.8125rem; }
th, td { padding: 0.375rem 0.75rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
th { font-weight: 600; }
th:first-child, td:first-child { padding-left: 1rem; }
tbody th { font-weight: 400; }
thead th { color: var(--quiet); font-size: 0.8125rem; vertical-align: bottom; white-space: nowrap; }
tfoot th, tfoot td { font-weight: 600; border-top: 2px solid var(--line); }
.zero { color: var(--quiet); }
.numbers thead th { white-space: normal; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.card table { font-size: 0.8125rem; }
.card th, .card td { padding: 0.1875rem 0.5rem 0.1875rem 0; }
.card .n { padding: 0.1875rem 0 0.1875rem 0.5rem; }
.fields .target { color: var(--quiet); font-size: 0.8125rem; }
.fields .group { background: var(--page); } .fields .group th { color: var(--quiet); font-size: 0.8125rem; font-weight: 600; }
#issues td:last-child { white-space: nowrap; }
.paper { display: none; }
.option { white-space: nowrap; }

.heat th, .heat td { padding: 0.25rem 0.5rem; border-top: 1px solid var(--line); }
.heat code { overflow-wrap: normal; }
.heat tr > :first-child { padding-left: 1rem; }
.heat .target { color: var(--quiet); font-size: 0.8125rem; }
.heat td.h { text-align: center; vertical-align: middle; font-size: 0.8125rem; font-variant-numeric: tabular-nums; border: 2px solid var(--surface); border-radius: 4px; width: 6.5rem; min-width: 4rem; }
.heat thead th.h { text-align: center; white-space: normal; }
.h0 { color: var(--quiet); font-style: italic; }
.h1 { background: var(--heat-1); } .h2 { background: var(--heat-2); } .h3 { background: var(--heat-3); }
.h4 { background: var(--heat-4); color: var(--heat-strong); } .h5 { background: var(--heat-5); color: var(--heat-strong); }
.legend { display: flex; flex-wrap: wrap; gap: 0.375rem; list-style: none; padding: 0; margin: 0.75rem 0 0; font-size: 0.8125rem; }
.legend li { padding: 0.125rem 0.625rem; border-radius: 4px; }
.constants { color: var(--quiet); font-size: 0.8125rem; margin-top: 0.75rem; }
.constants p { margin: 0 0 0.25rem; } .constants ul { display: flex; flex-wrap: wrap; gap: 0 1.25rem; list-style: none; margin: 0; padding: 0; }
section > .quiet { font-size: 0.8125rem; margin: 0.5rem 0 0; }
tr:target { outline: 2px solid var(--accent); outline-offset: -2px; }

.severity { font-size: 0.8125rem; font-weight: 600; white-space: nowrap; }
.error { color: var(--error); } .warning { color: var(--warning); } .info { color: var(--quiet); }
footer { border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.8125rem; padding: 1rem 0 2rem; margin-top: 3rem; }

@media screen and (max-width: 48rem) {
  .frame { padding: 0 1rem; }
  .verdict { padding: 1rem; } .verdict h2 { font-size: 1.1875rem; }
  .steps { grid-template-columns: 1fr 1fr; }
  .scroll caption { position: sticky; left: 0; max-width: calc(100vw - 2.25rem); }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack tr { display: block; border-top: 1px solid var(--line); padding: 0.625rem 1rem; }
  .stack th, .stack td { display: block; border: 0; padding: 0; text-align: left; white-space: normal; }
  .stack tbody th { font-weight: 600; } .stack .zero { display: none; }
  .stack td[data-name]::before { content: attr(data-name) ": "; color: var(--quiet); }
  .fields td:not(.target) { display: inline; color: var(--quiet); } .fields .n + .n { margin-left: 1rem; }
  .heat .target { display: none; }
  .heat tbody th, .heat thead th:first-child { position: sticky; left: 0; background: var(--surface); padding-left: 0.75rem; min-width: 8.5rem; }
  .heat th, .heat td { padding: 0.25rem 0.375rem; }
  .heat td.h { min-width: 3.75rem; }
}
@page {
  size: A4; margin: 14mm 14mm 16mm;
  @bottom-left { content: "Duo to UDM mapping report"; font: 8pt sans-serif; color: #566074; }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; color: #566074; }
}
@media print {
  :root { --page: #fff; --surface: #fff; }
  html { font-size: 11px; }
  header { padding-top: 0; border: 0; }
  nav, .skip, details { display: none; }
  .paper { display: block; }
  .frame { max-width: none; padding: 0; }
  section { margin: 1.25rem 0; }
  .card, tr, p, .verdict, .columns, .heat { break-inside: avoid; }
  .columns { columns: 2; }
  .fields th, .fields td { padding-block: 0.25rem; }
  .scroll { overflow: visible; }
  .verdict li a { color: inherit; text-decoration: none; font-weight: 600; }
  .verdict li a::after { content: " (see " attr(data-place) ")"; font-weight: 400; }
  h2, h3, caption, h2 + p, .legend { break-after: avoid; }
  footer { margin-top: 1.5rem; padding-bottom: 0; }
  .h, .legend li, .bar *, .badge, .funnel *, .key, .group { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`);
