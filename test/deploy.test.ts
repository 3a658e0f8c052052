import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";
import { afterAll, describe, expect, test } from "vitest";
import { loadConfig } from "../src/collector/config.ts";

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
}
const resources: Readonly<Record<string, Resource>> = template.toJSON()["Resources"];
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

describe("the deployment", () => {
  test("holds these resources and no others", () => {
    const types = Object.fromEntries(Object.entries(resources).map(([name, { Type }]) => [name, Type]));
    expect(types).toEqual({
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
    const statements = Object.entries(resources).flatMap(([name, { Properties }]) => {
      const found = statementsIn(Properties);
      return found.length === 0 ? [] : [[name, found]];
    });
    const assume = (service: string) => ({
      Effect: "Allow",
      Principal: { Service: `${service}.amazonaws.com` },
      Action: "sts:AssumeRole",
    });
    expect(Object.fromEntries(statements)).toEqual({
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
          Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
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
      DuoIntegrationKey: "DIXXXXXXXXXXXXXXXXXX",
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
