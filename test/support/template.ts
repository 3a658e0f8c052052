/** The CloudFormation template as data, and what of it is deployed with which parameters. */

import { isNode, parseDocument, visit, YAMLMap } from "yaml";
import { readText } from "./files.ts";

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

interface Parameter {
  readonly Default?: string | number;
  readonly NoEcho?: boolean;
  readonly AllowedValues?: readonly string[];
}

type Operand = string | { readonly Ref: string };
type Condition =
  | { readonly Condition: string }
  | { readonly "Fn::Equals": readonly [Operand, Operand] }
  | { readonly "Fn::Not": readonly [Condition] }
  | { readonly "Fn::Or": readonly Condition[] }
  | { readonly "Fn::And": readonly Condition[] }
  | { readonly "Fn::Contains": readonly [readonly string[], Operand] };

interface Rule {
  readonly RuleCondition: Condition;
  readonly Assertions: readonly { readonly Assert: Condition; readonly AssertDescription: string }[];
}

interface Template {
  readonly Parameters: Readonly<Record<string, Parameter>>;
  readonly Rules: Readonly<Record<string, Rule>>;
  readonly Conditions: Readonly<Record<string, Condition>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Condition?: string; readonly Value: unknown }>>;
}

export type Deployed = Pick<Template, "Resources" | "Outputs">;

/** YAML with CloudFormation's short forms (`!Ref X`) written out (`{Ref: X}`). */
function parse(text: string) {
  const document = parseDocument(text, { logLevel: "silent" });
  visit(document, (_, node) => {
    if (!isNode(node) || node.tag?.startsWith("!") !== true) return undefined;
    const name = node.tag.slice(1);
    delete node.tag;
    const long = new YAMLMap();
    long.set(["Ref", "Condition"].includes(name) ? name : `Fn::${name}`, node);
    return long;
  });
  return document.toJS();
}

export const TEMPLATE: Template = parse(readText("deploy/template.yaml"));

/** A parameter's default, as text. */
export function defaultOf(parameter: string): string | undefined {
  const { Default: preset } = TEMPLATE.Parameters[parameter] ?? {};
  return preset === undefined ? undefined : String(preset);
}

/** Whether a condition holds with these parameters over their defaults. */
function holds(condition: Condition | undefined, parameters: Readonly<Record<string, string>>): boolean {
  const textOf = (operand: Operand) =>
    typeof operand === "string" ? operand : (parameters[operand.Ref] ?? defaultOf(operand.Ref));
  const inner = (one: Condition | undefined) => holds(one, parameters);
  if (condition === undefined) throw new Error("a condition is missing");
  if ("Condition" in condition) return inner(TEMPLATE.Conditions[condition.Condition]);
  if ("Fn::Not" in condition) return !inner(condition["Fn::Not"][0]);
  if ("Fn::Or" in condition) return condition["Fn::Or"].some(inner);
  if ("Fn::And" in condition) return condition["Fn::And"].every(inner);
  if ("Fn::Contains" in condition) {
    const [texts, operand] = condition["Fn::Contains"];
    return texts.includes(textOf(operand) ?? "");
  }
  const [left, right] = condition["Fn::Equals"];
  return textOf(left) === textOf(right);
}

/** What the template's rules have against these parameters. */
export function refusals(parameters: Readonly<Record<string, string>>): string[] {
  return Object.values(TEMPLATE.Rules)
    .filter(({ RuleCondition: condition }) => holds(condition, parameters))
    .flatMap(({ Assertions }) => Assertions.filter(({ Assert }) => !holds(Assert, parameters)))
    .map(({ AssertDescription: description }) => description);
}

/** The resources and outputs that the template's conditions leave, with these parameters over their defaults. */
export function deployed(parameters: Readonly<Record<string, string>> = {}): Deployed {
  const reviver = (_: string, value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if ("Fn::If" in value && Array.isArray(value["Fn::If"])) {
      const [name, yes, no] = value["Fn::If"];
      return holds(TEMPLATE.Conditions[name], parameters) ? yes : no;
    }
    if (Array.isArray(value)) return value.filter((one) => one !== undefined);
    // For a reviver, undefined takes a property away.
    return "Ref" in value && value.Ref === "AWS::NoValue" ? undefined : value;
  };
  const isThere = ([, { Condition: name }]: readonly [string, { readonly Condition?: string }]) =>
    name === undefined || holds(TEMPLATE.Conditions[name], parameters);
  const kept = {
    Resources: Object.fromEntries(Object.entries(TEMPLATE.Resources).filter(isThere)),
    Outputs: Object.fromEntries(Object.entries(TEMPLATE.Outputs).filter(isThere)),
  };
  return JSON.parse(JSON.stringify(kept), reviver);
}

export const arn = (name: string) => ({ "Fn::GetAtt": `${name}.Arn` });

/** A text with `<names>` that CloudFormation fills in. */
export const sub = (text: string) => ({ "Fn::Sub": text.replace(/<([^>]+)>/g, (_, name) => `\${${name}}`) });

/** Every policy statement anywhere below a value. */
function statementsIn(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "Statement" && Array.isArray(inner) ? inner : statementsIn(inner),
  );
}

/** The policy statements of each resource that has any. */
export function statementsOf(all: Readonly<Record<string, Resource>>): Record<string, unknown[]> {
  const found = Object.entries(all).map(
    ([name, { Properties }]) => [name, statementsIn(Properties)] as const,
  );
  return Object.fromEntries(found.filter(([, statements]) => statements.length > 0));
}

export const typesOf = (all: Readonly<Record<string, Resource>>) =>
  Object.fromEntries(Object.entries(all).map(([name, { Type }]) => [name, Type]));

export const assume = (service: string) => ({
  Effect: "Allow",
  Principal: { Service: `${service}.amazonaws.com` },
  Action: "sts:AssumeRole",
});

export const ofThisAccount = { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } };
