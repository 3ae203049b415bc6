import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {refuseOccupied} from "../../../api/files/refuseOccupied.ts";
import {passingName} from "../../../capture/trace/processIdentity.ts";
import {temporaryFolder} from "../../support/temporaryFolder.ts";

const options = {what: "evaluation", begun: ["items.jsonl"]};

describe("refuseOccupied", () => {
  it("takes a new folder, and one in which a kill came before it was anything", async () => {
    const folder = await temporaryFolder();
    await refuseOccupied(join(folder, "new"), options);
    for (const name of ["writer.json", "items.jsonl", passingName()]) await writeFile(join(folder, name), "");
    await refuseOccupied(folder, options);
  });

  it("refuses a folder of something else, and a file, by name", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "thesis.tex"), "");
    await expect(refuseOccupied(folder, options)).rejects.toThrow(
      `invalid folder: ${folder} holds thesis.tex and is no evaluation; expected a new folder or an evaluation`
    );
    const file = join(folder, "thesis.tex");
    await expect(refuseOccupied(file, options)).rejects.toThrow(`invalid folder: ${file}; expected a folder, found a file`);
  });
});
