/**
 * One validator a schema. Run from source, ajv compiles each when it is first called. The build writes
 * `validators.js` anew: the same functions, compiled beforehand to code that needs no ajv (scripts/build.mjs).
 */

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { AJV_OPTIONS, SCHEMAS, type SchemaName } from "./schemas/schemas.ts";

/** What a validator has against a value. */
export interface ValidatorError {
  /** JSON Pointer to what is at fault, or to the object that has an additional property. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: { readonly [name: string]: unknown };
}

/** True when the value fits; else `errors` holds what does not, until the next call. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null | undefined;
}

function lazy(name: SchemaName): Validator {
  let compiled: ValidateFunction | undefined;
  const validator: Validator = (value) => {
    compiled ??= new Ajv2020(AJV_OPTIONS).compile(SCHEMAS[name]);
    const fits = compiled(value);
    validator.errors = compiled.errors;
    return fits;
  };
  return validator;
}

export const udm_entity = lazy("udm_entity");
export const table = lazy("table");
export const users = lazy("users");
export const groups = lazy("groups");
export const phones = lazy("phones");
export const endpoints = lazy("endpoints");
export const tokens = lazy("tokens");
export const webauthncredentials = lazy("webauthncredentials");
export const desktop_authenticators = lazy("desktop_authenticators");
