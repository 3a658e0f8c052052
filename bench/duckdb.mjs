// The mapping of NDJSON by DuckDB as a process of its own: node bench/duckdb.mjs THREADS IN OUT COLLECTED-AT
import { readFileSync } from "node:fs";
import process from "node:process";
import { DuckDBInstance } from "@duckdb/node-api";

const [, , threads, input, output, collectedAt] = process.argv;
const sql = readFileSync(new URL("map.sql", import.meta.url), "utf8");
const queryAt = sql.indexOf("WITH records");

/** A type as DuckDB's structs have it, from the shape in map.sql. */
const typeOf = (shape) =>
  typeof shape === "string"
    ? shape
    : `STRUCT(${Object.entries(shape[0])
        .map(([name, type]) => `${name} ${type}`)
        .join(", ")})[]`;

const [, shape] = /from_json\(content, '(.*?)'\)/s.exec(sql);
const columns = Object.entries(JSON.parse(shape).response[0]).map(
  ([name, type]) => `${name}: '${typeOf(type)}'`,
);
const lines = sql
  .slice(queryAt)
  .replace(
    /WITH records AS \(.*?\n\),/s,
    `WITH records AS (SELECT * FROM read_json('${input}', format = 'newline_delimited', columns = {${columns}})),`,
  )
  .replace(/SELECT string_agg\((.*)\) \|\| E'\\n', ''\)/s, "SELECT $1) AS line");

const connection = await (await DuckDBInstance.create(":memory:", { threads })).connect();
await connection.run(sql.slice(0, queryAt));
await connection.run(`SET VARIABLE collected_at = '${collectedAt}'`);
await connection.run(
  `COPY (${lines}) TO '${output}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\u0001')`,
);
