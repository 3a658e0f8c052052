import { describe, expect, test } from "vitest";
import { loadMapConfig } from "../../src/collector/config.ts";
import {
  arn,
  assume,
  type Deployed,
  defaultOf,
  deployed,
  ofThisAccount,
  statementsOf,
  sub,
  TEMPLATE,
  typesOf,
} from "../support/template.ts";

const { Resources: resources, Outputs: outputs } = deployed();

describe("mapping at scale", () => {
  const onArrival = deployed({ MapOnArrival: "on" });
  const backfill = deployed({ MapBackfill: "on" });
  const both = deployed({ MapOnArrival: "on", MapBackfill: "on" });
  const added = ({ Resources }: Pick<Deployed, "Resources">) =>
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
    expect(TEMPLATE.Rules["OneWriterOfEntities"]).toEqual({
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
      RECORDS_PREFIX: { Ref: "RecordsPrefix" },
      MANIFEST_PREFIX: { Ref: "ManifestPrefix" },
      PROFILE: { Ref: "Profile" },
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
      Object.entries(variables).map(([name, { Ref }]) => [
        name,
        Ref === "Bucket" ? "example-bucket" : defaultOf(Ref),
      ]),
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
