/** The part of the compiled mapping that makes an entity's object, field by field in canonical order. */

import { build, distinct, type Field, isSet, listOf, push, quote, resultOf } from "./emit.ts";
import type { Node } from "./plan.ts";

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
    case "strings":
      return { code: distinct(variable, values), field: { key, variable } };
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

/** Statements that end in returning the object of the tree's fields. */
export function emitObject(tree: readonly Node[]): string {
  const { code, fields } = writeNodes(tree, "entity");
  return `${code}\n${build("entity", fields)}\nreturn entity;`;
}
