// The files of a large invented account, written once per run.
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder } from "./command.mjs";
import { endpoint, page, phone } from "./pages.mjs";

export const PAGES = 840;
export const RECORDS_PER_PAGE = 500;

/** The pages, endpoints and phones by turns. */
export function account(pages = PAGES, records = RECORDS_PER_PAGE) {
  return Array.from({ length: pages }, (_, at) => {
    const [name, record] = at % 2 === 0 ? ["endpoints", endpoint] : ["phones", phone];
    const file = join(folder, `duo-${name}-${records}-${String(at).padStart(5, "0")}.json`);
    if (!existsSync(file)) writeFileSync(file, page(record, records, at * records));
    return file;
  });
}

export function megabytes(paths) {
  return paths.reduce((sum, path) => sum + statSync(path).size, 0) / 1e6;
}
