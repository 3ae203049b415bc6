import {describe, expect, it} from "vitest";
import {spectrumSchema} from "../../../api/contract/contract.ts";
import {exampleRun} from "../../../fixtures/makeExampleRun.ts";
import {runCli} from "../../support/runCli.ts";
import {copiedModel, editConfig} from "../../support/shippedModel.ts";

describe("orrery spectrum", () => {
  it("--json prints eigenvalues of a token's block, largest first, and of the sequence", async () => {
    const {status, stdout} = await runCli(["spectrum", exampleRun, "--token", "2", "--count", "3", "--json"]);
    expect(status).toBe(0);
    const {tokens, sequence} = spectrumSchema.parse(JSON.parse(stdout));
    expect(tokens.map(({index, text, init, eigenvalues}) => [index, text, init, eigenvalues.length])).toEqual([[2, "8", 0, 3]]);
    expect(sequence.eigenvalues).toHaveLength(3);
  });

  it("refuses a model that did not make the run", async () => {
    const model = await copiedModel();
    await editConfig(model, {mean_recurrence: 9});
    const {status, stdout, stderr} = await runCli(["spectrum", exampleRun, "--model", model]);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^invalid model: damaged \([0-9a-f]{12}\); the run was made by tiny-arithmetic \([0-9a-f]{12}\)\n$/);
  });
});
