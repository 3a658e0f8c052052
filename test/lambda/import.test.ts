import { describe, expect, it, onTestFinished, vi } from "vitest";
import { mapPage } from "../../src/index.ts";
import { invoking, startImport } from "../support/lambda.ts";

const invoke = invoking("handler");

describe("the Lambda with IMPORT_INSTANCE", () => {
  it.each(["raw", "records", "udm"])(
    "imports what it collected, with the identity of AWS: OUTPUT=%s",
    async (OUTPUT) => {
      const { env, s3, sent, siem } = await startImport();
      const { outcome, logs } = await invoke({ ...env, OUTPUT });
      expect(outcome).toMatchObject({ result: { ok: true } });
      expect(siem.exchanges.length).toBeGreaterThan(0);
      const metrics = logs.find((log) => "Imported" in log);
      expect(metrics).toMatchObject({ Imported: sent.length, ImportRejected: 0, Failures: 0 });
      expect(sent.length).toBeGreaterThan(40);
      if (OUTPUT !== "raw") return;
      const collectedAt = JSON.stringify(sent[0]).match(/"collected_timestamp":"([^"]*)"/)?.[1] ?? "";
      const pages = [...s3.objects()].filter(([key]) => key.startsWith("duo/context/"));
      const mapped = pages.flatMap(
        ([source, { body }]) => mapPage(JSON.parse(body), { collectedAt, source }).entities,
      );
      expect(sent.map((entity) => Object.keys(Object(entity)))).toHaveLength(mapped.length);
    },
  );

  it("maps the pages that it imports with the profile that PROFILE names", async () => {
    const { env, sent } = await startImport();
    await invoke({ ...env, PROFILE: "enriched", RESOURCES: "users,groups" });
    const types = sent.map((entity) => /"entity_type":"(GROUP|USER)"/.exec(JSON.stringify(entity))?.[1]);
    expect(new Set(types)).toEqual(new Set(["GROUP", "USER"]));
  });

  it("is off by default", async () => {
    const { env, siem } = await startImport();
    const { outcome } = await invoke({ ...env, IMPORT_INSTANCE: "" });
    expect(outcome).toMatchObject({ result: { ok: true } });
    expect(siem.requests).toEqual([]);
  });

  it("fails the invocation when SecOps takes nothing, after everything is stored", async () => {
    const { env, s3 } = await startImport({ faults: [{ kind: "forbidden" }] });
    const { outcome, logs } = await invoke(env);
    expect(outcome.error).toMatchObject({ name: "SecopsError" });
    expect(outcome.error?.message).toContain("chronicle.entities.import");
    expect([...s3.objects().keys()].some((key) => key.startsWith("duo/manifests/"))).toBe(true);
    expect(logs.find((log) => "Failures" in log)).toMatchObject({ Failures: 1 });
  });

  it("sends what it has read when S3 does not give the rest in time", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const { env, sent } = await startImport(
      {},
      {
        intercept: ({ method, url }) => {
          const hangs = method === "GET" && url?.includes("duo-users-00007") === true;
          if (hangs) vi.advanceTimersByTime(900_000);
          return hangs;
        },
      },
    );
    const { outcome, logs } = await invoke({ ...env, RESOURCES: "users", LIMIT: "5" });
    expect(outcome.error?.name).toBe("InputError");
    expect(outcome.error?.message).toMatch(
      /^s3:\/\/example-bucket\/duo\/context\/.*: cannot be read: the function's time/,
    );
    // At most five pages are read ahead of the one that is imported.
    expect(sent.length).toBeGreaterThanOrEqual(15);
    const told = logs.find(({ message }) => message === "entities imported");
    expect(told).toMatchObject({ accepted: sent.length, sent: sent.length });
  });

  it.each([
    [{ IMPORT_INSTANCE: "projects/p" }, "the instance must be"],
    [{ IMPORT_CREDENTIALS: "{" }, "IMPORT_CREDENTIALS must be"],
    [{ IMPORT_CREDENTIALS: "null" }, "IMPORT_CREDENTIALS must be"],
  ])("refuses a wrong configuration before it collects: %j", async (wrong, message) => {
    const { env, s3 } = await startImport();
    const { outcome } = await invoke({ ...env, ...wrong });
    expect(outcome.error?.name).toBe("ConfigError");
    expect(outcome.error?.message).toContain(message);
    expect(s3.objects().size).toBe(0);
  });

  it("says which entities SecOps refused, and keeps their values to itself", async () => {
    const { env } = await startImport({
      refuses: (entity) => JSON.stringify(entity).includes('"type":"MOBILE"'),
    });
    const { outcome, logs, output } = await invoke(env);
    expect(outcome).toMatchObject({ result: { ok: true } });
    const rejected = logs.filter(({ message }) => message === "entity rejected");
    expect(rejected.length).toBeGreaterThan(0);
    expect(rejected[0]).toMatchObject({ by: "SecOps", index: expect.any(Number) });
    expect(output).not.toContain("@example.com");
  });
});
