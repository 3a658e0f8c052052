import validate from "asl-validator";
import { describe, expect, test } from "vitest";
import { PagesRejected, PagesUnfinished } from "../../src/lambda/map.ts";
import { deployed, sub } from "../support/template.ts";

describe("the state machine", () => {
  interface State {
    readonly Type: string;
    readonly Next?: string;
    readonly End?: boolean;
    readonly Default?: string;
    readonly Choices?: readonly { readonly Next: string }[];
    readonly Result?: Readonly<Record<string, unknown>>;
    readonly [field: string]: unknown;
  }
  interface Definition {
    readonly StartAt: string;
    readonly States: Readonly<Record<string, State>>;
  }

  /** The definition with what CloudFormation puts into it. */
  const definition: Definition = JSON.parse(
    JSON.stringify(deployed({ MapBackfill: "on" }).Resources["Backfill"]?.Properties["Definition"]),
    (_, value: unknown) => {
      if (typeof value !== "object" || value === null) return value;
      if ("Ref" in value) return value.Ref === "Prefix" ? "duo/context/" : "example-bucket";
      if ("Fn::GetAtt" in value) return "arn:aws:lambda:us-east-1:111122223333:function:map";
      if (!("Fn::Sub" in value)) return value;
      return String(value["Fn::Sub"])
        .replaceAll(sub("<AWS::Partition>")["Fn::Sub"], "aws")
        .replaceAll(sub("<ManifestPrefix>")["Fn::Sub"], "duo/manifests/");
    },
  );
  const { MapPrefix = { Type: "" }, MapInventory = { Type: "" }, ...others } = definition.States;

  test("is valid", () => {
    const { isValid, errorsText } = validate(structuredClone(definition));
    expect([isValid, errorsText()]).toEqual([true, ""]);
  });

  test("goes from each state to one there is, and to each", () => {
    const targets = Object.values(definition.States).flatMap(({ Next, Default, Choices = [] }) =>
      [Next, Default, ...Choices.map((choice) => choice.Next)].filter((name) => name !== undefined),
    );
    expect([definition.StartAt, ...targets].sort()).toEqual(Object.keys(definition.States).sort());
  });

  test("reads a prefix's listing, or an inventory where the input names one", () => {
    expect(others).toEqual({
      Defaults: {
        Type: "Pass",
        Result: { prefix: "duo/context/", concurrency: 20, tolerated_failure_percentage: 10 },
        ResultPath: "$.defaults",
        Next: "Settings",
      },
      Settings: {
        Type: "Pass",
        Parameters: { "merged.$": "States.JsonMerge($.defaults, $$.Execution.Input, false)" },
        OutputPath: "$.merged",
        Next: "Choose",
      },
      Choose: {
        Type: "Choice",
        Choices: [{ Variable: "$.inventory", IsPresent: true, Next: "MapInventory" }],
        Default: "MapPrefix",
      },
    });
    expect([MapPrefix["ItemReader"], MapInventory["ItemReader"]]).toEqual([
      {
        Resource: "arn:aws:states:::s3:listObjectsV2",
        Parameters: { Bucket: "example-bucket", "Prefix.$": "$.prefix" },
      },
      {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "MANIFEST" },
        Parameters: { Bucket: "example-bucket", "Key.$": "$.inventory" },
      },
    ]);
  });

  test("does the same with either, and reads no setting that has no default", () => {
    const rest = ({ ItemReader: _, Label: __, ...state }: State) =>
      // States of one machine may not share a name, so the one state of each differs in it.
      JSON.parse(JSON.stringify(state).replaceAll(/Map(Listed|Inventory)Pages/g, "MapPages"));
    expect(rest(MapPrefix)).toEqual(rest(MapInventory));
    expect(MapPrefix["Label"]).not.toBe(MapInventory["Label"]);
    const settings = JSON.stringify([MapPrefix, MapInventory]).matchAll(/"\$\.(\w+)"/g);
    const known = [...Object.keys(definition.States["Defaults"]?.Result ?? {}), "inventory"];
    expect(new Set(Array.from(settings, ([, name]) => name))).toEqual(new Set(known));
  });

  test("invokes the function on batches, tries again what may go well, and writes what came of it", () => {
    expect(MapPrefix).toMatchObject({
      Type: "Map",
      ItemBatcher: { MaxItemsPerBatch: 40 },
      MaxConcurrencyPath: "$.concurrency",
      ToleratedFailurePercentagePath: "$.tolerated_failure_percentage",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
        StartAt: "MapListedPages",
        States: {
          MapListedPages: {
            Type: "Task",
            Resource: "arn:aws:lambda:us-east-1:111122223333:function:map",
            Retry: [{ MaxAttempts: 5, BackoffRate: 2, MaxDelaySeconds: 30, JitterStrategy: "FULL" }],
            End: true,
          },
        },
      },
      ResultWriter: {
        Resource: "arn:aws:states:::s3:putObject",
        Parameters: { Bucket: "example-bucket", Prefix: "duo/manifests/map" },
      },
      End: true,
    });
    const retried = JSON.stringify(MapPrefix["ItemProcessor"]);
    expect(retried).toContain(`"${new PagesUnfinished().name}"`);
    expect(retried).toContain('"Lambda.TooManyRequestsException"');
    expect(retried).not.toContain(new PagesRejected().name);
    expect(retried).not.toContain("States.ALL");
  });
});
