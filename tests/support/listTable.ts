import {fileWriter, parquetWriteRows} from "hyparquet-writer";
import {seededRandom} from "../../analysis/random.ts";
import type {HollowShape} from "./hollowTrace.ts";

const ROW_GROUP = 500;

/** A Parquet table of any size with a row for each step and token, whose states are lists of numbers that do not compress. Memory holds a row group. */
export async function listTable(path: string, {steps, tokens, width}: HollowShape): Promise<void> {
  const random = seededRandom(7);
  await parquetWriteRows({
    writer: fileWriter(path),
    columns: [{name: "step"}, {name: "token"}, {name: "state"}],
    schema: [
      {name: "root", num_children: 3},
      {name: "step", type: "INT32", repetition_type: "REQUIRED"},
      {name: "token", type: "INT32", repetition_type: "REQUIRED"},
      {name: "state", num_children: 1, repetition_type: "REQUIRED", converted_type: "LIST"},
      {name: "list", num_children: 1, repetition_type: "REPEATED"},
      {name: "element", type: "FLOAT", repetition_type: "REQUIRED"}
    ],
    rows: (function* () {
      for (let step = 0; step < steps; ++step)
        for (let token = 0; token < tokens; ++token)
          yield {step, token, state: Array.from({length: width}, () => Math.fround(random() - 0.5))};
    })(),
    rowGroupSize: ROW_GROUP
  });
}
