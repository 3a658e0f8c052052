/** `--format json`: every issue, and the counts. */

import stableStringify from "fast-json-stable-stringify";
import { printableJson } from "../../text/escape.ts";
import type { OpenListing } from "./format.ts";

export const jsonListing: OpenListing = () => {
  let isEmpty = true;
  return {
    open: () => '{"issues":[',
    issues: (issues) => {
      let text = "";
      for (const issue of issues) {
        text += `${isEmpty ? "\n" : ",\n"}${stableStringify(issue)}`;
        isEmpty = false;
      }
      return printableJson(text);
    },
    endSource: () => "",
    close: (summary) => `${isEmpty ? "" : "\n"}],"summary":${stableStringify(summary)}}\n`,
  };
};
