/**
 * The fast path: the plan written out as straight-line functions, which call the same readers and the same
 * rules as the trace. Only the table's own constants enter its source, quoted as JSON; nothing of a page
 * ever does.
 */

import { type ByteWriter, utf8 } from "./bytes.ts";
import { anySet, build, isSet, listOf, push, quote, resultOf } from "./emit.ts";
import { emitBytes, Texts } from "./emit-bytes.ts";
import { emitObject } from "./emit-object.ts";
import type { Node, Plan, PlanRow, Read, ReadGroup } from "./plan.ts";
import type { Run } from "./reading.ts";
import * as reading from "./reading.ts";
import { RULES } from "./rules.ts";
import type { RawObject } from "./scalar.ts";
import type { UdmEntity } from "./udm.ts";

const rawOf = ({ index }: Read): string => `raw${index}`;

function applied({ index, row }: PlanRow, input: string): string {
  return `if (${isSet(input)}) ${resultOf(index)} = rules.${row.rule.kind}.apply(${input});`;
}

/** Reads the fields of the record itself, or of its container's first object. */
function readOne(group: ReadGroup, at: number): string {
  const { container, reads } = group;
  const scalar = (object: string, read: Read): string =>
    `scalar(${object}[${quote(read.field)}], run, reads[${read.index}])`;
  if (container === undefined) {
    return reads.map((read) => `const ${rawOf(read)} = ${scalar("record", read)};`).join("\n");
  }
  return `const first${at} = firstElement(record[${quote(container)}], run, groups[${at}]);
    let ${reads.map(rawOf).join(", ")};
    if (first${at} !== undefined) {
      ${reads.map((read) => `${rawOf(read)} = ${scalar(`first${at}`, read)};`).join("\n")}
    }`;
}

/** Reads every element of a container and appends what its rows make of it to the repeated message. */
function readEach(group: ReadGroup, at: number, rows: readonly PlanRow[], node: Node): string {
  const { container = "", reads } = group;
  const columns = rows.filter((row) => row.alternatives.flat().some((read) => reads.includes(read)));
  const cells = columns.map((row) => {
    const [read] = row.alternatives.flat();
    return read === undefined
      ? ""
      : `const ${rawOf(read)} = scalar(element[${quote(read.field)}], run, reads[${read.index}], index);
         let ${resultOf(row.index)};
         ${applied(row, rawOf(read))}`;
  });
  const fields = columns
    .map((row) => ({ key: row.target.path.at(-1) ?? "", variable: resultOf(row.index) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return `const elements${at} = elements(record[${quote(container)}], run, groups[${at}]);
    if (elements${at} !== undefined) {
      const isArray = Array.isArray(record[${quote(container)}]);
      for (let at = 0; at < elements${at}.length; at++) {
        const element = objectAt(elements${at}[at], run, groups[${at}], at);
        if (element === undefined) continue;
        const index = isArray ? at : undefined;
        ${cells.join("\n")}
        ${build("built", fields)}
        if (built !== undefined) { ${push(listOf(node.key), "built")} }
      }
    }`;
}

/** Gives a row its value from the first alternative that its rule takes. */
function applyRow(planned: PlanRow): string {
  const { index, row, definition, alternatives, unless } = planned;
  if (row.rule.kind === "constant" || alternatives[0]?.[0]?.of === "each") return "";
  const value = resultOf(index);
  const lines = alternatives.map((reads, position) => {
    const input = `input${index}_${position}`;
    const [read] = reads;
    const refused =
      definition.issue === undefined || read === undefined
        ? ""
        : `if (${isSet(input)} && !(${isSet(value)})) refuse(run, ${quote(definition.issue)}, reads[${read.index}]);`;
    return `if (!(${isSet(value)})) {
      const ${input} = ${reads.map(rawOf).join(" ?? ")};
      ${applied(planned, input)}
      ${refused}
    }`;
  });
  if (row.rule.kind === "timestamp") {
    lines.push(`${value} ??= envelopeTimestamp(run, ${quote(row.log_field)}) ?? run.collectedAt;`);
  }
  if (definition.otherwise !== undefined) lines.push(`${value} ??= ${quote(definition.otherwise)};`);
  if (unless.length > 0) {
    lines.push(`if (${unless.map((read) => isSet(rawOf(read))).join(" || ")}) ${value} = undefined;`);
  }
  return `let ${value};\n${lines.join("\n")}`;
}

/** The columns node that the rows of a container fill. */
function columnsNode(nodes: readonly Node[], container: string): Node | undefined {
  for (const node of nodes) {
    if (node.kind === "columns" && node.groups.some((group) => group.container === container)) return node;
    const below = node.kind === "message" ? columnsNode(node.fields, container) : undefined;
    if (below !== undefined) return below;
  }
  return undefined;
}

/** Statements that leave every row's value in its variable, and the elements of `each` in their list's. */
function evaluate({ rows, groups, tree }: Plan): string {
  const lists = new Set<string>();
  const reads = groups.map((group, at) => {
    const node = group.of === "each" ? columnsNode(tree, group.container ?? "") : undefined;
    if (node === undefined) return readOne(group, at);
    lists.add(`let ${listOf(node.key)};`);
    return readEach(group, at, rows, node);
  });
  return [...lists, ...reads, ...rows.map(applyRow)].join("\n");
}

export interface Compiled {
  /** The record's entity, or `undefined` when nothing identifies the asset. */
  readonly map: (record: RawObject, run: Run) => UdmEntity | undefined;
  /** The same, written as a line of canonical JSON; `false` when nothing identifies the asset. */
  readonly print: (record: RawObject, run: Run, out: ByteWriter) => boolean;
}

/** Compiles the plan. */
export function compile(plan: Plan): Compiled {
  const { tree, identity, groups } = plan;
  const reads = groups.flatMap((group) => group.reads).sort((a, b) => a.index - b.index);
  const texts = new Texts();
  const isIdentified = anySet(identity.map(resultOf));
  const source = `"use strict";
    function map(object, run) {
      const record = ownFields(object, run);
      ${evaluate(plan)}
      if (!(${isIdentified})) return undefined;
      ${emitObject(tree)}
    }
    function print(object, run, out) {
      const record = ownFields(object, run);
      ${evaluate(plan)}
      if (!(${isIdentified})) return false;
      ${emitBytes(tree, texts)}
      return true;
    }
    return { map, print };`;
  const scope = { ...reading, rules: RULES, groups, reads, texts: texts.all.map(utf8) };
  return new Function(...Object.keys(scope), source)(...Object.values(scope));
}
