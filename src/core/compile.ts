/**
 * The fast path: the plan written out as one straight-line function, which calls the same readers and the
 * same rules as the trace. Only the table's own constants enter its source, quoted as JSON; nothing of a page
 * ever does.
 */

import type { Node, Plan, PlanRow, Read, ReadGroup } from "./plan.ts";
import type { Run } from "./reading.ts";
import * as reading from "./reading.ts";
import { RULES } from "./rules.ts";
import type { RawObject } from "./scalar.ts";
import type { UdmEntity } from "./udm.ts";

export type Mapper = (record: RawObject, run: Run) => UdmEntity;

/** A field of an object being built, and the variable that holds its value. */
interface Field {
  readonly key: string;
  readonly variable: string;
  readonly isConstant?: boolean;
}

const quote = JSON.stringify;
const rawOf = ({ index }: Read): string => `raw${index}`;
const resultOf = (row: number): string => `value${row}`;
const listOf = (key: string): string => `list_${key}`;
const isSet = (variable: string): string => `${variable} !== undefined`;

/** Statements that make `object` of its fields, constants too; with no other field set it stays undefined. */
function build(object: string, fields: readonly Field[]): string {
  const data = fields.filter((field) => field.isConstant !== true);
  const assign = fields.map(({ key, variable, isConstant }) => {
    const set = `${object}[${quote(key)}] = ${variable};`;
    return isConstant === true ? set : `if (${isSet(variable)}) ${set}`;
  });
  const [only] = data;
  if (data.length === 1 && only !== undefined) {
    const literal = fields.map(({ key, variable }) => `${quote(key)}: ${variable}`).join(", ");
    return `const ${object} = ${isSet(only.variable)} ? { ${literal} } : undefined;`;
  }
  return `let ${object};
    if (${data.map(({ variable }) => isSet(variable)).join(" || ")}) {
      ${object} = {};
      ${assign.join("\n")}
    }`;
}

function push(list: string, element: string): string {
  return `if (${list} === undefined) ${list} = [${element}]; else ${list}.push(${element});`;
}

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

/** Statements that make a node's value, and the variable they leave it in. */
function writeNode(node: Node, path: string): { code: string; field: Field } {
  const { key } = node;
  const variable = `${path}_${key}`;
  const values = node.rows.map(resultOf);
  switch (node.kind) {
    case "constant":
      return { code: "", field: { key, variable: quote(node.value), isConstant: true } };
    case "scalar":
      return { code: `const ${variable} = ${values.join(" ?? ")};`, field: { key, variable } };
    case "strings": {
      const adds = values.map(
        (value) => `if (${isSet(value)} && !${variable}?.includes(${value})) { ${push(variable, value)} }`,
      );
      return { code: `let ${variable};\n${adds.join("\n")}`, field: { key, variable } };
    }
    case "labels": {
      const adds = values.map((value, at) => {
        const label = `{ key: ${quote(node.labels[at])}, value: ${value} }`;
        return `if (${isSet(value)}) { ${push(variable, label)} }`;
      });
      return { code: `let ${variable};\n${adds.join("\n")}`, field: { key, variable } };
    }
    case "columns":
      return { code: "", field: { key, variable: listOf(key) } };
    case "message": {
      const { code, fields } = writeNodes(node.fields, variable);
      const built = `${code}\n${build(variable, fields)}`;
      if (!node.repeated) return { code: built, field: { key, variable } };
      const list = `${variable}_list`;
      const wrapped = `const ${list} = ${isSet(variable)} ? [${variable}] : undefined;`;
      return { code: `${built}\n${wrapped}`, field: { key, variable: list } };
    }
  }
}

function writeNodes(nodes: readonly Node[], path: string): { code: string; fields: Field[] } {
  const written = nodes.map((node) => writeNode(node, path));
  return {
    code: written.map(({ code }) => code).join("\n"),
    fields: written.map(({ field }) => field),
  };
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

function sourceOf({ rows, groups, tree }: Plan): string {
  const lists = new Set<string>();
  const reads = groups.map((group, at) => {
    const node = group.of === "each" ? columnsNode(tree, group.container ?? "") : undefined;
    if (node === undefined) return readOne(group, at);
    lists.add(`let ${listOf(node.key)};`);
    return readEach(group, at, rows, node);
  });
  const { code, fields } = writeNodes(tree, "entity");
  return `"use strict";
return function map(object, run) {
  const record = ownFields(object, run);
  ${[...lists, ...reads, ...rows.map(applyRow), code, build("result", fields)].join("\n")}
  return result;
};`;
}

/** Compiles the plan. */
export function compile(plan: Plan): Mapper {
  const reads = plan.groups.flatMap((group) => group.reads).sort((a, b) => a.index - b.index);
  const scope = { ...reading, rules: RULES, groups: plan.groups, reads };
  return new Function(...Object.keys(scope), sourceOf(plan))(...Object.values(scope));
}
