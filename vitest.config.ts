import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/print-seed.ts"],
    setupFiles: ["test/support/seed.ts"],
    // The SDK tells every process that runs Node 20 to upgrade.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    // Each worker loads the modules once, not once per file: a third of the suite's time. A test leaves nothing behind.
    isolate: false,
    // One worker more than there are cores: tests often wait for a process, a server or the browser.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
