import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import validate from "asl-validator";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";
import { afterAll, describe, expect, test } from "vitest";
import { loadConfig, loadMapConfig } from "../../src/collector/config.ts";
import { PagesRejected, PagesUnfinished } from "../../src/lambda/map.ts";

const outdir = mkdtempSync(join(tmpdir(), "duo-udm-"));
afterAll(() => rmSync(outdir, { recursive: true }));

/**
 * The template through the CDK's typed resources and CloudFormation's own rules: a property of a wrong name or
 * type does not survive this.
 */
const app = new App({
  outdir,
  analyticsReporting: false,
  context: { "@aws-cdk/core:validateAgainstDefaultRules": true },
});
const stack = new Stack(app, "Deploy");
const included = new CfnInclude(stack, "Template", { templateFile: "deploy/template.yaml" });
const template = Template.fromStack(stack);

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

type Operand = string | { readonly Ref: string };
type Condition =
  | { readonly Condition: string }
  | { readonly "Fn::Equals": readonly [Operand, Operand] }
  | { readonly "Fn::Not": readonly [Condition] }
  | { readonly "Fn::Or": readonly Condition[] };

interface Written {
  readonly Conditions: Readonly<Record<string, Condition>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Condition?: string; readonly Value: unknown }>>;
}
const written: Written = JSON.parse(JSON.stringify(template.toJSON()));

/** The resources and outputs that the template's conditions leave, with these parameters over their defaults. */
function deployed(parameters: Readonly<Record<string, string>> = {}): Omit<Written, "Conditions"> {
  const textOf = (operand: Operand): unknown =>
    typeof operand === "string"
      ? operand
      : (parameters[operand.Ref] ?? included.getParameter(operand.Ref).default);

  function holds(condition: Condition | undefined): boolean {
    if (condition === undefined) throw new Error("a condition is missing");
    if ("Condition" in condition) return holds(written.Conditions[condition.Condition]);
    if ("Fn::Not" in condition) return !holds(condition["Fn::Not"][0]);
    if ("Fn::Or" in condition) return condition["Fn::Or"].some(holds);
    const [left, right] = condition["Fn::Equals"];
    return textOf(left) === textOf(right);
  }

  const reviver = (_: string, value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if ("Fn::If" in value && Array.isArray(value["Fn::If"])) {
      const [name, yes, no] = value["Fn::If"];
      return holds(written.Conditions[name]) ? yes : no;
    }
    if (Array.isArray(value)) return value.filter((one) => one !== undefined);
    // For a reviver, undefined takes a property away.
    return "Ref" in value && value.Ref === "AWS::NoValue" ? undefined : value;
  };
  const isThere = ([, { Condition: name }]: readonly [string, { readonly Condition?: string }]) =>
    name === undefined || holds(written.Conditions[name]);
  const kept = {
    Resources: Object.fromEntries(Object.entries(written.Resources).filter(isThere)),
    Outputs: Object.fromEntries(Object.entries(written.Outputs).filter(isThere)),
  };
  return JSON.parse(JSON.stringify(kept), reviver);
}

const { Resources: resources, Outputs: outputs } = deployed();
const properties = (name: string) => resources[name]?.Properties;

const arn = (name: string) => ({ "Fn::GetAtt": `${name}.Arn` });
/** A text with `<names>` that CloudFormation fills in. */
const sub = (text: string) => ({ "Fn::Sub": text.replace(/<([^>]+)>/g, (_, name) => `\${${name}}`) });

/** Every policy statement anywhere below a value. */
function statementsIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "Statement" && Array.isArray(inner) ? inner : statementsIn(inner),
  );
}

/** The policy statements of each resource that has any. */
function statementsOf(all: Readonly<Record<string, Resource>>): Record<string, unknown[]> {
  const found = Object.entries(all).map(
    ([name, { Properties }]) => [name, statementsIn(Properties)] as const,
  );
  return Object.fromEntries(found.filter(([, statements]) => statements.length > 0));
}

const typesOf = (all: Readonly<Record<string, Resource>>) =>
  Object.fromEntries(Object.entries(all).map(([name, { Type }]) => [name, Type]));

const assume = (service: string) => ({
  Effect: "Allow",
  Principal: { Service: `${service}.amazonaws.com` },
  Action: "sts:AssumeRole",
});
const ofThisAccount = { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } };

describe("the deployment", () => {
  test("holds these resources and no others", () => {
    expect(typesOf(resources)).toEqual({
      Bucket: "AWS::S3::Bucket",
      BucketPolicy: "AWS::S3::BucketPolicy",
      Secret: "AWS::SecretsManager::Secret",
      LogGroup: "AWS::Logs::LogGroup",
      FunctionRole: "AWS::IAM::Role",
      Function: "AWS::Lambda::Function",
      FunctionInvokeConfig: "AWS::Lambda::EventInvokeConfig",
      ScheduleRole: "AWS::IAM::Role",
      HourlySchedule: "AWS::Scheduler::Schedule",
      FailureAlarm: "AWS::CloudWatch::Alarm",
      ReaderPolicy: "AWS::IAM::ManagedPolicy",
      Reader: "AWS::IAM::User",
    });
  });

  test("allows exactly this", () => {
    expect(statementsOf(resources)).toEqual({
      BucketPolicy: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [arn("Bucket"), sub("<Bucket.Arn>/*")],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
      FunctionRole: [
        assume("lambda"),
        {
          Sid: "StoreObjects",
          Effect: "Allow",
          Action: "s3:PutObject",
          Resource: [
            sub("<Bucket.Arn>/<Prefix>*"),
            sub("<Bucket.Arn>/<UdmPrefix>*"),
            sub("<Bucket.Arn>/<ManifestPrefix>*"),
          ],
        },
        {
          Sid: "WriteOwnLog",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: arn("LogGroup"),
        },
        {
          Sid: "ReadOneSecret",
          Effect: "Allow",
          Action: "secretsmanager:GetSecretValue",
          Resource: { Ref: "Secret" },
        },
      ],
      ScheduleRole: [
        {
          ...assume("scheduler"),
          Condition: ofThisAccount,
        },
        {
          Sid: "InvokeCollector",
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: arn("Function"),
        },
      ],
      ReaderPolicy: [
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: sub("<Bucket.Arn>/*") },
        { Effect: "Allow", Action: ["s3:ListBucket"], Resource: arn("Bucket") },
      ],
    });
  });

  test("gives no role or user any other policy", () => {
    const attached = Object.entries(resources).flatMap(([name, { Properties }]) =>
      "ManagedPolicyArns" in Properties ? [[name, Properties["ManagedPolicyArns"]]] : [],
    );
    expect(attached).toEqual([["Reader", [{ Ref: "ReaderPolicy" }]]]);
  });

  test("keeps the bucket private, encrypted, versioned and tidy, and outlives the stack", () => {
    template.hasResource("AWS::S3::Bucket", { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    expect(properties("Bucket")).toEqual({
      BucketName: { Ref: "BucketName" },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: "Enabled" },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: "expire",
            Status: "Enabled",
            ExpirationInDays: { Ref: "RetentionDays" },
            NoncurrentVersionExpiration: { NoncurrentDays: 7 },
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
        ],
      },
    });
  });

  test("configures the function as the collector wants it, with parameters' defaults that it takes", () => {
    const variables = {
      DUO_IKEY: { Ref: "DuoIntegrationKey" },
      DUO_SKEY_SECRET_ID: { Ref: "Secret" },
      DUO_API_HOSTNAME: { Ref: "DuoApiHostname" },
      S3_BUCKET: { Ref: "Bucket" },
      S3_PREFIX: { Ref: "Prefix" },
      UDM_PREFIX: { Ref: "UdmPrefix" },
      MANIFEST_PREFIX: { Ref: "ManifestPrefix" },
      RESOURCES: { Ref: "DuoResources" },
      OUTPUT: { Ref: "Output" },
      KEY_LAYOUT: { Ref: "KeyLayout" },
    };
    expect(properties("Function")).toMatchObject({
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Timeout: 900,
      Environment: { Variables: variables },
    });
    const given: Record<string, string> = {
      DuoIntegrationKey: "DI0123456789ABCDEFGH",
      Secret: "arn:aws:secretsmanager:us-east-1:111122223333:secret:Secret",
      DuoApiHostname: "api-example1.duosecurity.com",
      Bucket: "example-bucket",
    };
    const settingOf = (name: string) => {
      const preset: unknown = given[name] ?? included.getParameter(name).default;
      return String(preset);
    };
    const env = Object.fromEntries(
      Object.entries(variables).map(([name, { Ref }]) => [name, settingOf(Ref)]),
    );
    const { secret: _, ...config } = loadConfig(env);
    const plain = loadConfig({
      DUO_IKEY: given["DuoIntegrationKey"],
      DUO_SKEY: "x",
      DUO_API_HOSTNAME: given["DuoApiHostname"],
      S3_BUCKET: "example-bucket",
    });
    expect({ ...config, secret: plain.secret }).toEqual(plain);
  });

  test("shows the secret key nowhere but in the secret", () => {
    expect(included.getParameter("DuoSecretKey").noEcho).toBe(true);
    const users = Object.entries(resources).filter(([, one]) => JSON.stringify(one).includes("DuoSecretKey"));
    expect(users.map(([name]) => name)).toEqual(["Secret"]);
  });

  test("runs every hour, does not repeat a failed run, and raises an alarm for it", () => {
    expect(included.getParameter("Schedule").default).toBe("rate(1 hour)");
    expect(properties("HourlySchedule")).toEqual({
      Description: "Collects the pages of a Duo account",
      ScheduleExpression: { Ref: "Schedule" },
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: arn("Function"), RoleArn: arn("ScheduleRole"), Input: "{}" },
    });
    expect(properties("FunctionInvokeConfig")).toMatchObject({ MaximumRetryAttempts: 0 });
    expect(properties("FailureAlarm")).toMatchObject({
      Namespace: "AWS/Lambda",
      MetricName: "Errors",
      Dimensions: [{ Name: "FunctionName", Value: { Ref: "Function" } }],
      Statistic: "Sum",
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
  });
});

describe("mapping at scale", () => {
  const onArrival = deployed({ MapOnArrival: "on" });
  const backfill = deployed({ MapBackfill: "on" });
  const both = deployed({ MapOnArrival: "on", MapBackfill: "on" });
  const added = ({ Resources }: Pick<Written, "Resources">) =>
    Object.fromEntries(Object.entries(typesOf(Resources)).filter(([name]) => !(name in resources)));
  const inBoth = (name: string) => both.Resources[name]?.Properties;

  const ofEither = {
    MapLogGroup: "AWS::Logs::LogGroup",
    MapFunctionRole: "AWS::IAM::Role",
    MapFunction: "AWS::Lambda::Function",
  };
  const ofArrival = {
    MapDeadLetters: "AWS::SQS::Queue",
    MapQueue: "AWS::SQS::Queue",
    MapQueuePolicy: "AWS::SQS::QueuePolicy",
    MapMessages: "AWS::Lambda::EventSourceMapping",
    MapAlarm: "AWS::CloudWatch::Alarm",
  };
  const ofBackfill = {
    BackfillRole: "AWS::IAM::Role",
    BackfillRuns: "AWS::IAM::Policy",
    Backfill: "AWS::StepFunctions::StateMachine",
  };

  test("is off unless it is asked for, and each half adds its own resources and outputs", () => {
    expect([onArrival, backfill, both].map(added)).toEqual([
      { ...ofEither, ...ofArrival },
      { ...ofEither, ...ofBackfill },
      { ...ofEither, ...ofArrival, ...ofBackfill },
    ]);
    const ofQueue = ["MapQueueUrl", "MapDeadLettersUrl", "MapDeadLettersArn"];
    expect([deployed(), onArrival, backfill, both].map(({ Outputs }) => Object.keys(Outputs))).toEqual([
      ["FeedUri", "ReaderUser", "FunctionName"],
      [...Object.keys(outputs), ...ofQueue],
      [...Object.keys(outputs), "BackfillArn"],
      [...Object.keys(outputs), ...ofQueue, "BackfillArn"],
    ]);
  });

  test("changes nothing else but the bucket and its policy", () => {
    const changed = Object.keys(resources).filter(
      (name) => JSON.stringify(both.Resources[name]) !== JSON.stringify(resources[name]),
    );
    expect(changed).toEqual(["Bucket", "BucketPolicy"]);
  });

  test("refers to no resource that its conditions leave out", () => {
    const dangling = [deployed(), onArrival, backfill, both].flatMap(({ Resources, Outputs }) => {
      const text = JSON.stringify({ Resources, Outputs });
      return Object.keys(both.Resources).filter(
        (name) => !(name in Resources) && new RegExp(`["{]${name}[".}]`).test(text),
      );
    });
    expect(dangling).toEqual([]);
  });

  test("on arrival goes with the collector's raw output alone", () => {
    const { Rules } = template.toJSON();
    expect(Rules.OneWriterOfEntities).toEqual({
      RuleCondition: { "Fn::Equals": [{ Ref: "MapOnArrival" }, "on"] },
      Assertions: [
        {
          Assert: { "Fn::Equals": [{ Ref: "Output" }, "raw"] },
          AssertDescription: expect.stringContaining("set Output to raw"),
        },
      ],
    });
  });

  test("allows exactly this besides", () => {
    const before = statementsOf(resources);
    const { BucketPolicy, ...statements } = statementsOf(both.Resources);
    expect(BucketPolicy).toEqual([
      ...(before["BucketPolicy"] ?? []),
      {
        Sid: "DeliverInventory",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: sub("<Bucket.Arn>/<ManifestPrefix>inventory/*"),
        Condition: {
          ArnLike: { "aws:SourceArn": arn("Bucket") },
          StringEquals: {
            ...ofThisAccount.StringEquals,
            "s3:x-amz-acl": "bucket-owner-full-control",
          },
        },
      },
    ]);
    const { BucketPolicy: _, ...others } = before;
    expect(statements).toEqual({
      ...others,
      MapFunctionRole: [
        assume("lambda"),
        {
          Sid: "ReadPagesAndEntities",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: [sub("<Bucket.Arn>/<Prefix>*"), sub("<Bucket.Arn>/<UdmPrefix>*")],
        },
        { Sid: "TellMissingObjects", Effect: "Allow", Action: "s3:ListBucket", Resource: arn("Bucket") },
        {
          Sid: "StoreEntities",
          Effect: "Allow",
          Action: "s3:PutObject",
          Resource: sub("<Bucket.Arn>/<UdmPrefix>*"),
        },
        {
          Sid: "WriteOwnLog",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: arn("MapLogGroup"),
        },
        {
          Sid: "TakeMessages",
          Effect: "Allow",
          Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          Resource: arn("MapQueue"),
        },
      ],
      MapQueuePolicy: [
        {
          Sid: "NotifyOfPages",
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: arn("MapQueue"),
          Condition: {
            ArnEquals: { "aws:SourceArn": sub("arn:<AWS::Partition>:s3:::<BucketName>") },
            ...ofThisAccount,
          },
        },
      ],
      BackfillRole: [
        { ...assume("states"), Condition: ofThisAccount },
        {
          Sid: "ListPages",
          Effect: "Allow",
          Action: "s3:ListBucket",
          Resource: arn("Bucket"),
          Condition: { StringLike: { "s3:prefix": sub("<Prefix>*") } },
        },
        {
          Sid: "ReadInventory",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: sub("<Bucket.Arn>/<ManifestPrefix>inventory/*"),
        },
        {
          Sid: "WriteResults",
          Effect: "Allow",
          Action: ["s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"],
          Resource: sub("<Bucket.Arn>/<ManifestPrefix>map/*"),
        },
        {
          Sid: "InvokeMapping",
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: arn("MapFunction"),
        },
      ],
      BackfillRuns: [
        {
          Sid: "StartChildren",
          Effect: "Allow",
          Action: "states:StartExecution",
          Resource: { Ref: "Backfill" },
        },
        {
          Sid: "FollowChildren",
          Effect: "Allow",
          Action: ["states:DescribeExecution", "states:StopExecution"],
          Resource: sub(
            "arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<Backfill.Name>:*",
          ),
        },
      ],
    });
    const roleOfBackfill = JSON.stringify(statementsOf(backfill.Resources)["MapFunctionRole"]);
    expect(roleOfBackfill).not.toContain("sqs:");
  });

  test("configures the function as its handler wants it", () => {
    const variables = {
      S3_BUCKET: { Ref: "Bucket" },
      S3_PREFIX: { Ref: "Prefix" },
      UDM_PREFIX: { Ref: "UdmPrefix" },
      MANIFEST_PREFIX: { Ref: "ManifestPrefix" },
    };
    expect(inBoth("MapFunction")).toEqual({
      Description: "Maps Duo's pages in S3 to UDM entities",
      Runtime: "nodejs22.x",
      Architectures: ["arm64"],
      Handler: "index.mapHandler",
      Code: { S3Bucket: { Ref: "CodeBucket" }, S3Key: { Ref: "CodeKey" } },
      Role: arn("MapFunctionRole"),
      Timeout: 120,
      MemorySize: { Ref: "MapMemorySize" },
      LoggingConfig: { LogGroup: { Ref: "MapLogGroup" } },
      Environment: { Variables: variables },
    });
    const env = Object.fromEntries(
      Object.entries(variables).map(([name, { Ref }]) => {
        const preset: unknown = Ref === "Bucket" ? "example-bucket" : included.getParameter(Ref).default;
        return [name, String(preset)];
      }),
    );
    expect(loadMapConfig(env)).toEqual(loadMapConfig({ S3_BUCKET: "example-bucket" }));
  });

  test("queues new pages, delivers them again when they fail, and keeps those that go on failing", () => {
    expect(inBoth("Bucket")).toMatchObject({
      NotificationConfiguration: {
        QueueConfigurations: [
          {
            Event: "s3:ObjectCreated:*",
            Queue: { "Fn::Select": [0, [arn("MapQueue"), { Ref: "MapQueuePolicy" }]] },
            Filter: { S3Key: { Rules: [{ Name: "prefix", Value: { Ref: "Prefix" } }] } },
          },
        ],
      },
    });
    expect(inBoth("MapQueuePolicy")).toMatchObject({ Queues: [{ Ref: "MapQueue" }] });
    expect(inBoth("MapQueue")).toEqual({
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 6 * Number(inBoth("MapFunction")?.["Timeout"]),
      RedrivePolicy: { deadLetterTargetArn: arn("MapDeadLetters"), maxReceiveCount: 5 },
    });
    expect(inBoth("MapDeadLetters")).toEqual({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 60 * 60,
    });
    expect(inBoth("MapMessages")).toEqual({
      FunctionName: { Ref: "MapFunction" },
      EventSourceArn: arn("MapQueue"),
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
    expect(inBoth("MapAlarm")).toMatchObject({
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": "MapDeadLetters.QueueName" } }],
      Statistic: "Maximum",
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
  });

  test("lists the pages every week, where the state machine may read it", () => {
    expect(inBoth("Bucket")).toMatchObject({
      InventoryConfigurations: [
        {
          Id: "pages",
          Enabled: true,
          IncludedObjectVersions: "Current",
          ScheduleFrequency: "Weekly",
          Prefix: { Ref: "Prefix" },
          OptionalFields: ["Size", "LastModifiedDate"],
          Destination: {
            BucketArn: sub("arn:<AWS::Partition>:s3:::<BucketName>"),
            BucketAccountId: { Ref: "AWS::AccountId" },
            Format: "CSV",
            Prefix: sub("<ManifestPrefix>inventory"),
          },
        },
      ],
    });
  });
});

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
