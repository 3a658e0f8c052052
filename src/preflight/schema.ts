/**
 * JSON Schema in the few keywords that the schemas here use, made into a function that names every fault by the
 * way to it, in time proportional to the value. Tests hold it to what ajv finds.
 */

import { isObject } from "../core/scalar.ts";
import type { Steps } from "../text/paths.ts";

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly items?: Schema;
  readonly properties?: { readonly [field: string]: Schema };
  readonly additionalProperties?: false;
}

export interface RootSchema extends Schema {
  readonly $defs?: { readonly [name: string]: Schema };
}

/** The keyword that a value does not meet. With `additionalProperties`, the value is that of the unknown property. */
export type Keyword = "type" | "enum" | "pattern" | "additionalProperties";

/** Told of a fault: `steps` are good until it returns. */
export type SeeFault = (keyword: Keyword, steps: Steps, value: unknown, schema: Schema) => void;

type Visit = (value: unknown, steps: (string | number)[], see: SeeFault) => void;

const DEFINITION = "#/$defs/";

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function typeVisit(schema: Schema): Visit | undefined {
  if (schema.type === undefined) return undefined;
  const types = [schema.type].flat();
  return (value, steps, see) => {
    for (const type of types) if (isOfType(value, type)) return;
    see("type", steps, value, schema);
  };
}

function enumVisit(schema: Schema): Visit | undefined {
  if (schema.enum === undefined) return undefined;
  const values = new Set(schema.enum);
  return (value, steps, see) => {
    if (!values.has(value)) see("enum", steps, value, schema);
  };
}

function patternVisit(schema: Schema): Visit | undefined {
  if (schema.pattern === undefined) return undefined;
  const pattern = new RegExp(schema.pattern, "u");
  return (value, steps, see) => {
    if (typeof value === "string" && !pattern.test(value)) see("pattern", steps, value, schema);
  };
}

function listVisit({ items }: Schema, compile: (schema: Schema) => Visit): Visit | undefined {
  if (items === undefined) return undefined;
  const visit = compile(items);
  return (value, steps, see) => {
    if (!Array.isArray(value)) return;
    for (let at = 0; at < value.length; at++) {
      steps.push(at);
      visit(value[at], steps, see);
      steps.pop();
    }
  };
}

function objectVisit(schema: Schema, compile: (schema: Schema) => Visit): Visit | undefined {
  const { properties = {}, additionalProperties } = schema;
  const visits = new Map(Object.entries(properties).map(([name, one]) => [name, compile(one)]));
  if (visits.size === 0 && additionalProperties === undefined) return undefined;
  return (value, steps, see) => {
    if (!isObject(value)) return;
    for (const name of Object.keys(value)) {
      const visit = visits.get(name);
      if (visit === undefined && additionalProperties === undefined) continue;
      steps.push(name);
      if (visit === undefined) see("additionalProperties", steps, value[name], schema);
      else visit(value[name], steps, see);
      steps.pop();
    }
  };
}

/**
 * Makes a schema into a function. It takes any JSON value that is not nested too deep for the stack, and calls
 * `see` for each fault.
 */
export function compileSchema(root: RootSchema): (value: unknown, see: SeeFault) => void {
  const definitions = new Map<string, Visit>();
  const refer = (name: string): Visit => {
    const known = definitions.get(name);
    if (known !== undefined) return known;
    // Set before it is compiled: a message may hold itself.
    let visit: Visit | undefined;
    definitions.set(name, (value, steps, see) => visit?.(value, steps, see));
    visit = compile(root.$defs?.[name] ?? {});
    definitions.set(name, visit);
    return visit;
  };
  const compile = (schema: Schema): Visit => {
    if (schema.$ref !== undefined) return refer(schema.$ref.slice(DEFINITION.length));
    const visits = [
      typeVisit(schema),
      enumVisit(schema),
      patternVisit(schema),
      listVisit(schema, compile),
      objectVisit(schema, compile),
    ].filter((visit) => visit !== undefined);
    const [only] = visits;
    if (visits.length === 1 && only !== undefined) return only;
    return (value, steps, see) => {
      for (const visit of visits) visit(value, steps, see);
    };
  };
  const visit = compile(root);
  return (value, see) => visit(value, [], see);
}
