/** The schemas of raw records, in the keywords of JSON Schema that they use. */

/** A schema, in the keywords used for raw records. */
export interface RawSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | boolean | null)[];
  readonly pattern?: string;
  readonly items?: RawSchema;
  readonly properties?: { readonly [field: string]: RawSchema };
  readonly additionalProperties?: false;
}

/** A string that says nothing, where the schema asks for something other than a string. */
export const BLANK = "^\\s*$";
