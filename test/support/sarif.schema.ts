/**
 * The parts of SARIF's schema that our logs use, transcribed from the published one (OASIS, sarif-schema-2.1.0.json,
 * Errata 01): names, types, required properties, bounds, and that no other property is allowed.
 */

const text = { type: "string" } as const;
const bag = { type: "object" } as const;
const level = { enum: ["none", "note", "warning", "error"] } as const;

const object = (properties: object, ...required: string[]) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const list = (items: object) => ({ type: "array", items });
const ref = (name: string) => ({ $ref: `#/$defs/${name}` });

export const SARIF_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  ...object(
    { $schema: { type: "string", format: "uri" }, version: { enum: ["2.1.0"] }, runs: list(ref("run")) },
    "version",
    "runs",
  ),
  $defs: {
    run: object(
      {
        columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
        tool: ref("tool"),
        results: list(ref("result")),
        invocations: list(ref("invocation")),
      },
      "tool",
    ),
    tool: object({ driver: ref("toolComponent") }, "driver"),
    toolComponent: object({ name: text, rules: list(ref("reportingDescriptor")) }, "name"),
    reportingDescriptor: object(
      {
        id: text,
        shortDescription: ref("multiformatMessageString"),
        help: ref("multiformatMessageString"),
        defaultConfiguration: object({ level }),
        properties: bag,
      },
      "id",
    ),
    multiformatMessageString: object({ text }, "text"),
    result: object(
      {
        ruleId: text,
        ruleIndex: { type: "integer", minimum: -1 },
        level,
        message: ref("message"),
        locations: list(ref("location")),
        properties: bag,
        suppressions: list(ref("suppression")),
      },
      "message",
    ),
    message: object({ text }, "text"),
    location: object({ physicalLocation: ref("physicalLocation") }),
    physicalLocation: object({ artifactLocation: ref("artifactLocation"), region: ref("region") }),
    artifactLocation: object({ uri: { type: "string", format: "uri-reference" } }),
    region: object({
      startLine: { type: "integer", minimum: 1 },
      startColumn: { type: "integer", minimum: 1 },
    }),
    suppression: object({ kind: { enum: ["inSource", "external"] }, justification: text }, "kind"),
    invocation: object(
      { executionSuccessful: { type: "boolean" }, toolExecutionNotifications: list(ref("notification")) },
      "executionSuccessful",
    ),
    notification: object({ message: ref("message"), level, locations: list(ref("location")) }, "message"),
  },
} as const;
