import { execFile } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { duoUdm } from "../support/cli.ts";
import { readText, rootUrl } from "../support/files.ts";
import { markedBlock, rowsOf } from "../support/markdown.ts";
import { sarifFaults } from "../support/sarif.ts";

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly required?: boolean; readonly default?: string }>
  >;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const SOURCE = readText("action.yml");
const ACTION: Action = parse(SOURCE);
const CHECK = ACTION.runs.steps.find(({ id }) => id === "check");

const root = mkdtempSync(join(tmpdir(), "duo-udm-action-"));
afterAll(() => rmSync(root, { recursive: true }));

/** The workspace of a job, anew for each test. */
let workspace = "";
let temporary = "";
beforeEach(() => {
  workspace = mkdtempSync(join(root, "workspace-"));
  temporary = mkdtempSync(join(root, "temporary-"));
});

/** Puts a page of the fixtures into the workspace. */
function page(name: string, fixture = "endpoints/managed-mac"): void {
  const path = join(workspace, name);
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(rootUrl(`fixtures/pages/${fixture}.json`), path);
}

/** Puts a page with an error in it into the workspace. */
function brokenPage(name: string): void {
  writeFileSync(join(workspace, name), '{"stat": "OK", "response": [{"epkey": "EPX1"}, 7]}\n');
}

/** Runs the step that checks, as GitHub would: `shell: bash`, and the inputs as the variables that `env` makes of them. */
async function runCheck(inputs: Readonly<Record<string, string>>) {
  const given = (expression: string): string => {
    const [, name = ""] = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(expression) ?? [];
    return inputs[name] ?? ACTION.inputs[name]?.default ?? "";
  };
  const variables = Object.entries(CHECK?.env ?? {}).map(([name, expression]) => [name, given(expression)]);
  const script = join(temporary, "step.sh");
  const output = join(temporary, "output");
  const summary = join(temporary, "summary.md");
  for (const file of [output, summary]) writeFileSync(file, "");
  writeFileSync(script, CHECK?.run ?? "");
  const env = {
    PATH: process.env["PATH"],
    GITHUB_ACTION_PATH: fileURLToPath(rootUrl(".")),
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    RUNNER_TEMP: temporary,
    ...Object.fromEntries(variables),
  };
  const argv = ["--noprofile", "--norc", "-eo", "pipefail", script];
  return new Promise<{ status: unknown; stdout: string; stderr: string; output: string; summary: string }>(
    (resolve) => {
      execFile("bash", argv, { cwd: workspace, env }, (error, stdout, stderr) => {
        resolve({
          status: error === null ? 0 : error.code,
          stdout,
          stderr,
          output: readFileSync(output, "utf8"),
          summary: readFileSync(summary, "utf8"),
        });
      });
    },
  );
}

describe("the action", () => {
  it("is one by the published schema of actions", () => {
    expect(validateAction(SOURCE).errors).toEqual([]);
    expect(validateAction(SOURCE.replace("using: composite", "using: shell")).errors).not.toEqual([]);
  });

  it("takes inputs that are options of check, its paths, and whether SARIF is uploaded", async () => {
    const { stdout } = await duoUdm(["check", "--help"]);
    const options = Array.from(stdout.matchAll(/^ {2}--([a-z-]+)/gm), ([, name]) => name);
    const others = Object.keys(ACTION.inputs).filter((name) => !options.includes(name));
    expect(others).toEqual(["paths", "upload-sarif"]);
  });

  it("hands every input over as a variable, and puts none into a script", () => {
    const handed = Object.values(CHECK?.env ?? {});
    expect(handed).toEqual(Object.keys(ACTION.inputs).map((name) => `\${{ inputs.${name} }}`));
    const scripts = ACTION.runs.steps.flatMap(({ run }) => run ?? []);
    expect(scripts.filter((script) => script.includes("$" + "{{"))).toEqual([]);
  });

  it("uploads what the check has written, also when the check has failed", () => {
    const [upload] = ACTION.runs.steps.filter(({ uses }) => uses !== undefined);
    expect(upload?.uses).toMatch(/^github\/codeql-action\/upload-sarif@v\d+$/);
    expect(upload?.with?.["sarif_file"]).toBe(`\${{ steps.check.outputs.sarif-file }}`);
    expect(upload?.if).toBe(`\${{ !cancelled() && steps.check.outputs.sarif-file != '' }}`);
  });
});

describe("the action's check", () => {
  it("passes on pages that are ready, and says so in the summary and the output", async () => {
    page("pages/duo-endpoints-00000.json");
    const { status, stderr, output, summary } = await runCheck({ paths: "pages" });
    expect({ status, output }).toEqual({ status: 0, output: "status=0\n" });
    expect(stderr).toMatch(/^duo-udm: READY: /m);
    expect(summary).toMatch(/^### duo-udm check\n\n```text\n[\s\S]*^READY: [\s\S]*\n```\n$/m);
  });

  it("fails on pages that are not ready, and marks the place", async () => {
    brokenPage("broken.json");
    const { status, stdout, output, summary } = await runCheck({ paths: "broken.json" });
    expect({ status, output }).toEqual({ status: 1, output: "status=1\n" });
    expect(stdout).toMatch(/^::error file=broken\.json,line=1,title=RECORD_NOT_OBJECT::/m);
    expect(summary).toContain("\nNOT READY: ");
  });

  it("lets pass what is to be ignored, in the annotations and in the summary", async () => {
    brokenPage("broken.json");
    const { status, stdout, summary } = await runCheck({
      paths: "broken.json",
      ignore: "RECORD_NOT_OBJECT, OWNER_MISSING",
    });
    expect(status).toBe(0);
    expect(stdout).toContain("title=RECORD_NOT_OBJECT (ignored)");
    expect(summary).toContain("\nREADY: ");
  });

  it("writes SARIF when it is to be uploaded, whatever the verdict", async () => {
    brokenPage("broken.json");
    const { status, output } = await runCheck({ paths: "broken.json", "upload-sarif": "true" });
    const file = join(temporary, "duo-udm.sarif");
    expect({ status, output }).toEqual({ status: 1, output: `status=1\nsarif-file=${file}\n` });
    expect(sarifFaults(JSON.parse(readFileSync(file, "utf8")))).toEqual([]);
  });

  it.each([
    ["strict", "true", 1],
    ["max-warnings", "0", 1],
    ["min-entities", "3", 1],
    ["fail-on", "PLATFORM_UNMAPPED", 1],
    ["fail-on", "HOSTNAME_FORMAT,  EMAIL_FORMAT\n\tPLATFORM_UNMAPPED\n", 1],
    ["fail-on", "HOSTNAME_FORMAT", 0],
    ["profile", "enriched", 0],
    ["strict", "false", 0],
  ])("hands %s over: %j gives status %i", async (input, value, expected) => {
    writeFileSync(
      join(workspace, "page.json"),
      '{"stat": "OK", "response": [{"epkey": "EPX1", "os_family": "Haiku", "email": "ada@example.com"}]}',
    );
    expect(await runCheck({ paths: "page.json", [input]: value })).toMatchObject({ status: expected });
  });

  it("ends with status 2 when a file is not there", async () => {
    page("a.json");
    const { status, stderr, output } = await runCheck({ paths: "a.json\nnot-there.json" });
    expect({ status, output }).toEqual({ status: 2, output: "status=2\n" });
    expect(stderr).toContain("not-there.json");
  });

  it("refuses a call without paths", async () => {
    const { status, stderr } = await runCheck({ paths: "\n" });
    expect(status).toBe(2);
    expect(stderr).toContain("check needs an input");
  });

  it.each(["strict", "upload-sarif"])("says that %s takes true or false", async (input) => {
    const { status, stdout } = await runCheck({ paths: ".", [input]: "yes" });
    expect({ status, stdout }).toEqual({
      status: 2,
      stdout: `::error::The input ${input} takes true or false.\n`,
    });
  });
});

const HOSTILE = [
  "$(touch made)",
  "`touch made`",
  "; touch made",
  "a && touch made",
  "' \"; touch made #",
  `\${HOME}`,
  "a b  c.json ",
  " leading",
  "*",
  "[a-z]?",
  "--help",
  "-x.json",
  "--fail-on=JSON_INVALID",
  "back\\slash\\n",
  "{a,b}",
  "!!",
  "~",
  "::error::no",
];

describe("hostile text in an input of the action", () => {
  it("is the names of files", async () => {
    for (const name of HOSTILE) page(name);
    const { status, stderr } = await runCheck({ paths: HOSTILE.join("\n") });
    expect(status).toBe(0);
    const { length } = HOSTILE;
    expect(stderr).toContain(`in ${length} documents, ${length} records, ${length} entities`);
    expect(existsSync(join(workspace, "made"))).toBe(false);
  });

  const others = Object.keys(ACTION.inputs).filter((name) => name !== "paths");
  it.each(others)("is refused as a value of %s, and runs nothing", async (name) => {
    page("page.json");
    const value = "--help * $(touch made)`touch made`'\"; touch made #";
    const { status, stdout, stderr } = await runCheck({ paths: "page.json", [name]: value });
    expect(status).toBe(2);
    expect(`${stdout}${stderr}`).toMatch(/takes true or false|error: option '--[a-z-]+ <[a-z]+>' argument/);
    expect(existsSync(join(workspace, "made"))).toBe(false);
  });
});

describe("the page on continuous integration", () => {
  const { text } = markedBlock("docs/ci.md", "workflow");

  it("shows a workflow by the published schema, whose step has inputs of the action", () => {
    expect(validateWorkflow(text).errors).toEqual([]);
    const workflow: {
      readonly permissions: unknown;
      readonly jobs: { readonly check: { readonly steps: readonly Step[] } };
    } = parse(text);
    const step = workflow.jobs.check.steps.find(({ uses }) => uses?.includes("/duo-udm@"));
    const { version }: { readonly version: string } = JSON.parse(readText("package.json"));
    expect(step?.uses).toBe(`OWNER/duo-udm@v${version}`);
    const given = Object.keys(step?.with ?? {});
    expect(given.filter((name) => ACTION.inputs[name] === undefined)).toEqual([]);
    expect(workflow.permissions).toMatchObject({ "security-events": "write" });
  });

  it("lists every input with its default", () => {
    const listed = rowsOf(readText("docs/ci.md").split("## pre-commit\n")[0] ?? "");
    const inputs = Object.entries(ACTION.inputs).map(([name, { description, default: fallback = "" }]) => {
      const value = name === "paths" ? "required" : fallback === "" ? "" : `\`${fallback}\``;
      return [`\`${name}\``, value, description];
    });
    expect(listed).toEqual(inputs);
  });
});
