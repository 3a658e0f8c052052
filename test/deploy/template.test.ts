import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CelEngine, TemplateFile } from "@aws/cloudformation-validate";
import { afterAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/collector/config.ts";
import { readText } from "../support/files.ts";
import {
  arn,
  assume,
  defaultOf,
  deployed,
  ofThisAccount,
  refusals,
  statementsOf,
  sub,
  TEMPLATE,
  typesOf,
} from "../support/template.ts";

const { Resources: resources } = deployed();
const properties = (name: string) => resources[name]?.Properties;

describe("the template", () => {
  const folder = mkdtempSync(join(tmpdir(), "duo-udm-"));
  const engine = new CelEngine();
  afterAll(() => {
    engine.free();
    rmSync(folder, { recursive: true });
  });
  const text = readText("deploy/template.yaml");

  /** What CloudFormation's schemas and rules have against a template, save what is only advice. */
  function faultsOf(template: string): string[] {
    const file = join(folder, "template.yaml");
    writeFileSync(file, template);
    const { diagnostics } = engine.validateStandard(new TemplateFile(file));
    return diagnostics.filter(({ severity }) => severity !== "INFO").map(({ message }) => message);
  }

  test("is one that CloudFormation takes", () => {
    expect(faultsOf(text)).toEqual([]);
  });

  test.each([
    ["a property of another name", "BlockPublicAcls:", "BlockPublicAcl:", "'BlockPublicAcl' was unexpected"],
    [
      "a value of another type",
      "MaximumRetryAttempts: 0",
      "MaximumRetryAttempts: no",
      "is not of type 'integer'",
    ],
    ["a value that is no choice", "Statistic: Sum", "Statistic: Total", "'Total' is not one of"],
    ["a resource that is not there", "!Ref LogGroup", "!Ref LogBook", "LogBook"],
    [
      "an attribute that is not there",
      "!GetAtt Function.Arn",
      "!GetAtt Function.Name",
      "'Name' is not one of",
    ],
    ["a type that is not there", "AWS::Logs::LogGroup", "AWS::Logs::LogBook", "AWS::Logs::LogBook"],
  ])("would not be with %s", (_, right, wrong, message) => {
    expect(text).toContain(right);
    expect(faultsOf(text.replace(right, wrong)).join("\n")).toContain(message);
  });
});

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
            sub("<Bucket.Arn>/<RecordsPrefix>*"),
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
        {
          Sid: "ReadFeed",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: sub("<Bucket.Arn>/<Prefix>*"),
        },
        {
          Sid: "ListFeed",
          Effect: "Allow",
          Action: "s3:ListBucket",
          Resource: arn("Bucket"),
          Condition: { StringLike: { "s3:prefix": sub("<Prefix>*") } },
        },
      ],
    });
  });

  test("lets the feed read the records, and nothing else, where they are what it ingests", () => {
    const { Resources, Outputs } = deployed({ Feed: "records", Output: "raw,records" });
    expect(statementsOf(Resources)["ReaderPolicy"]).toMatchObject([
      { Resource: sub("<Bucket.Arn>/<RecordsPrefix>*") },
      { Condition: { StringLike: { "s3:prefix": sub("<RecordsPrefix>*") } } },
    ]);
    expect(Outputs["FeedUri"]?.Value).toEqual(sub("s3://<Bucket>/<RecordsPrefix>"));
  });

  const ALL = ["raw", "records", "udm", "both", "raw,records", "records,udm", "raw,records,udm"];
  const WITH_PAGES = ["raw", "both", "raw,records", "raw,records,udm"];
  const WITH_RECORDS = ["records", "raw,records", "records,udm", "raw,records,udm"];

  test.each<[string, Record<string, string>, string[], RegExp]>([
    ["of pages", {}, WITH_PAGES, /^Feed pages reads what Output does not make: add raw to Output/],
    ["of records", { Feed: "records" }, WITH_RECORDS, /^Feed records .*: add records to Output/],
    ["that an import makes needless", { ImportInstance: "projects/p/locations/us/instances/i" }, ALL, /^$/],
  ])("is refused with a feed %s that Output does not make", (_, parameters, taken, message) => {
    expect(TEMPLATE.Parameters["Output"]?.AllowedValues).toEqual(ALL);
    for (const Output of ALL) {
      expect([Output, refusals({ ...parameters, Output })]).toEqual([
        Output,
        taken.includes(Output) ? [] : [expect.stringMatching(message)],
      ]);
    }
  });

  test("lets the collector read what it stored only where it imports it", () => {
    const importing = deployed({
      ImportInstance: "projects/p/locations/us/instances/i",
      ImportCredentials: "{}",
    });
    expect(statementsOf(importing.Resources)["FunctionRole"]).toContainEqual({
      Sid: "ReadStored",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: [
        sub("<Bucket.Arn>/<Prefix>*"),
        sub("<Bucket.Arn>/<RecordsPrefix>*"),
        sub("<Bucket.Arn>/<UdmPrefix>*"),
        sub("<Bucket.Arn>/<ManifestPrefix>*"),
      ],
    });
    expect(importing.Resources["Function"]?.Properties["Environment"]).toMatchObject({
      Variables: {
        IMPORT_INSTANCE: { Ref: "ImportInstance" },
        IMPORT_CREDENTIALS: { Ref: "ImportCredentials" },
      },
    });
  });

  test("gives no role or user any other policy", () => {
    const attached = Object.entries(resources).flatMap(([name, { Properties }]) =>
      "ManagedPolicyArns" in Properties ? [[name, Properties["ManagedPolicyArns"]]] : [],
    );
    expect(attached).toEqual([["Reader", [{ Ref: "ReaderPolicy" }]]]);
  });

  test("keeps the bucket private, encrypted, versioned and tidy, and outlives the stack", () => {
    expect(resources["Bucket"]).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
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
      RECORDS_PREFIX: { Ref: "RecordsPrefix" },
      UDM_PREFIX: { Ref: "UdmPrefix" },
      MANIFEST_PREFIX: { Ref: "ManifestPrefix" },
      RESOURCES: { Ref: "DuoResources" },
      OUTPUT: { Ref: "Output" },
      PROFILE: { Ref: "Profile" },
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
    const env = Object.fromEntries(
      Object.entries(variables).map(([name, { Ref }]) => [name, given[Ref] ?? defaultOf(Ref)]),
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
    expect(TEMPLATE.Parameters["DuoSecretKey"]?.NoEcho).toBe(true);
    const users = Object.entries(resources).filter(([, one]) => JSON.stringify(one).includes("DuoSecretKey"));
    expect(users.map(([name]) => name)).toEqual(["Secret"]);
  });

  test("runs every hour, does not repeat a failed run, and raises an alarm for it", () => {
    expect(defaultOf("Schedule")).toBe("rate(1 hour)");
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
