/** Names and small statements that the parts of the compiled mapping share. */

/** A field of an object being built, and the variable that holds its value. */
export interface Field {
  readonly key: string;
  readonly variable: string;
  readonly isConstant?: boolean;
}

export const quote = JSON.stringify;
export const resultOf = (row: number): string => `value${row}`;
export const listOf = (key: string): string => `list_${key}`;
export const isSet = (variable: string): string => `${variable} !== undefined`;
export const anySet = (variables: readonly string[]): string => variables.map(isSet).join(" || ");

export function push(list: string, element: string): string {
  return `if (${list} === undefined) ${list} = [${element}]; else ${list}.push(${element});`;
}

/** Statements for a list of strings without repetitions, in `variable`; with no value set it stays undefined. */
export function distinct(variable: string, values: readonly string[]): string {
  const adds = values.map(
    (value) => `if (${isSet(value)} && !${variable}?.includes(${value})) { ${push(variable, value)} }`,
  );
  return `let ${variable};\n${adds.join("\n")}`;
}

/** Statements that make `object` of its fields, constants too; with no other field set it stays undefined. */
export function build(object: string, fields: readonly Field[]): string {
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
    if (${anySet(data.map(({ variable }) => variable))}) {
      ${object} = {};
      ${assign.join("\n")}
    }`;
}
