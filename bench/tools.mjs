// The other tools that the bench measures where they are installed.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

function version(command) {
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return status === 0 ? /[\w. -]*\w/.exec(stdout)[0] : undefined;
}

const duckdb = await import("@duckdb/node-api").catch(() => undefined);

export const versions = {
  jq: version("jq"),
  gojq: version("gojq"),
  DuckDB: duckdb && `DuckDB ${duckdb.version()}`,
};

const filter = new URL("map.jq", import.meta.url).pathname;
const FLAGS = { jq: ["-cS"], gojq: ["-c"] }; // gojq always sorts keys

/** The mapping by jq or gojq, in a process of its own. */
export const byFilter = (command) => (input, collectedAt) =>
  execFileSync(command, [...FLAGS[command], "--arg", "at", collectedAt, "-f", filter], {
    input,
    maxBuffer: 1 << 30,
  });

/** The mapping by DuckDB in this process, with one thread, a prepared query and the page in a table. */
export async function byDuckDb(bytes, collectedAt) {
  const connection = await (await duckdb.DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const sql = readFileSync(new URL("map.sql", import.meta.url), "utf8");
  const queryAt = sql.indexOf("WITH records");
  await connection.run(sql.slice(0, queryAt));
  await connection.run("CREATE TABLE page (content VARCHAR)");
  await connection.run("INSERT INTO page VALUES ($1)", [bytes.toString()]);
  await connection.run(`SET VARIABLE collected_at = '${collectedAt}'`);
  const query = await connection.prepare(sql.slice(queryAt));
  return async () => {
    const reader = await query.runAndReadAll();
    return Buffer.from(reader.value(0, 0));
  };
}
