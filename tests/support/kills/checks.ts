import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {openArrays} from "../../../api/exchange/openArrays.ts";
import {importRun} from "../../../api/exchange/importRun.ts";
import {sweepPassing} from "../../../api/files/passing.ts";
import {createRunStore} from "../../../api/runs/runStore.ts";
import {errorLine} from "../../../capture/errorLine.ts";
import {openTrace} from "../../../capture/trace/reader.ts";
import {openSafetensors} from "../../../capture/trace/safetensors.ts";
import {RESULTS, type Ground, type Reference} from "./ground.ts";
import {captureTo, CENSUS_FILES, censusIn, evaluationIn, experimentIn, generationTo, TRAINING_FILES, trainingIn} from "./modelDeeds.ts";
import {analysisIn, contentOf, exportTo, fileHash, hashOf, statesHash, statesOf, type Places} from "./places.ts";
import {titleOf, type Deed} from "./deeds.ts";

/** What became of the thing that was being made: not there, there in part, or there as a whole; and what should not be. */
export interface Found {
  readonly absent: number;
  readonly partial: number;
  readonly whole: number;
  readonly lost: readonly string[];
}

/** What a check finds fault with, a line each. */
type Fault = (line: string) => void;

/** Looks at everything as the next process finds it: what is there, whether it is whole, and whether the deed can be done again. */
export async function lookedAt(deed: Deed, name: string, {places, reference}: Ground): Promise<Found> {
  const lost: string[] = [];
  const fault: Fault = (line) => void lost.push(line);
  const store = createRunStore({runs: places.runs});
  await store.recover(() => {});
  if (deed === "delete") await store.restore("kept").catch(() => {}); // taken back where the kill came between
  await lookAtRuns(places, reference, fault);
  const count = {absent: 0, partial: 0, whole: 0};
  try {
    ++count[await afterwards(deed, name, {places, reference, fault})];
  } catch (error) {
    fault(`it cannot be done again: ${errorLine(error)}`);
  }
  return {...count, lost};
}

/** Every run is one, ended, and opens; those that are of one seed have the same states as far as they go. */
async function lookAtRuns({runs}: Places, reference: Reference, fault: Fault): Promise<void> {
  const store = createRunStore({runs});
  for (const path of await litterIn(runs)) fault(`litter: ${path}`);
  for (const {id, dir} of await store.places())
    try {
      const reader = await openTrace(dir);
      const {steps_written: written, inits, tokens, width} = reader.trace;
      await reader.close();
      if ((await store.summary({id, dir, example: false})).live) fault(`${id} is live`);
      await (await openSafetensors(join(dir, "states.safetensors"))).close(); // any reader opens it
      const whole = id.startsWith("capture-") ? reference.captured : id.startsWith("generation-") ? reference.generated : undefined;
      if (whole === undefined) continue;
      const states = await statesOf(dir);
      if (states.length !== (written + 1) * inits.length * tokens.length * width || states.some((x, i) => x !== whole[i]))
        fault(`${id}: its states differ from those of one that nobody disturbed`);
    } catch (error) {
      fault(`${id}: ${errorLine(error)}`);
    }
  if ((await statesHash(join(runs, "kept"))) !== reference.kept) fault("the finished run changed");
  if (![reference.old, reference.new].includes(await statesHash(join(runs, "replaced"))))
    fault("the replaced run is neither the old nor the new one");
}

/** What was on its way and is left there. */
export async function litterIn(folder: string): Promise<string[]> {
  const paths: readonly string[] = await readdir(folder, {recursive: true}).catch(() => []);
  return paths.filter((path) => path.includes(".orrery~")).map((path) => path.replace(/\.orrery~[^/]*/, ".orrery~…"));
}

interface Afterwards extends Ground {
  readonly fault: Fault;
}

/** Where the kill left the deed; then the same is done to its end. */
async function afterwards(deed: Deed, name: string, {places, reference, fault}: Afterwards): Promise<keyof Omit<Found, "lost">> {
  const {runs, experiments, evaluations, censuses, trainings, exports, oldFile, newFile} = places;
  const again = async (folder: string, names: readonly string[], whole: string, go: (dir: string) => Promise<unknown>) => {
    const before = await contentOf(folder, names);
    await go(folder);
    for (const left of await litterIn(folder)) fault(`litter: ${left}`);
    const after = await contentOf(folder, names);
    const other = whole.split("\n").filter((line) => !after.includes(line));
    if (after !== whole)
      fault(`going on gives another ${other.map((line) => line.split(" ")[0]).join(", ")} than one that nobody disturbed`);
    return before === "" ? "absent" : before === whole ? "whole" : "partial";
  };
  switch (deed) {
    case "capture":
      return stateOfRun(join(runs, `capture-${name}-0`), (dir) => captureTo(dir));
    case "generation":
      return stateOfRun(join(runs, `generation-${name}-0`), (dir) => generationTo(dir));
    case "experiment":
      return again(join(experiments, `${name}-0`), RESULTS, reference.experiment, experimentIn);
    case "evaluation":
      return again(join(evaluations, `${name}-0`), RESULTS, reference.evaluation, evaluationIn);
    case "census":
      return again(join(censuses, `${name}-0`), CENSUS_FILES, reference.census, censusIn);
    case "training":
      return again(join(trainings, `${name}-0`), TRAINING_FILES, reference.training, trainingIn);
    case "import":
      return stateOfRun(join(runs, `import-${name}-0`), (dir) => importRun(oldFile, {out: dir}));
    case "force": {
      const before = await statesHash(join(runs, "replaced"));
      await importRun(newFile, {out: join(runs, "replaced"), overwrite: true});
      if ((await statesHash(join(runs, "replaced"))) !== reference.new) fault("replacing it again does not");
      return before === reference.new ? "whole" : "absent";
    }
    case "export": {
      await sweepPassing(exports);
      const names = await readdir(exports);
      for (const file of names) {
        await (await openArrays(join(exports, file))).close();
        if ((await fileHash(join(exports, file))) !== reference.exported) fault(`${file} differs from the one that nobody disturbed`);
      }
      await exportTo(join(runs, "kept"), join(exports, `${name}-0.npz`));
      return names.includes(`${name}-0.npz`) ? "whole" : "absent";
    }
    case "analysis": {
      const kept = await readdir(join(runs, "analysed", "analysis")).catch(() => []);
      if (hashOf(await analysisIn(places)) !== reference.analysis) fault("the answer is another one");
      return kept.length > 0 ? "whole" : "absent";
    }
    case "change": {
      const store = createRunStore({runs});
      const {title} = await store.summary(await store.find("kept"));
      if (![titleOf(`${name}-warm`), titleOf(`${name}-0`)].includes(title)) fault(`the title is neither the old nor the new one: ${title}`);
      await store.change("kept", {title: "again"});
      return title === titleOf(`${name}-0`) ? "whole" : "absent";
    }
    case "delete":
      return "whole"; // it was looked at, and its states are those it had
    case "empty": {
      const store = createRunStore({runs});
      const id = `empty-${name}-0`;
      await store.restore(id).catch(() => {}); // what is half gone cannot be taken back
      await lookAtRuns(places, reference, fault);
      const isThere = (await store.places()).some((place) => place.id === id);
      if (isThere && (await statesHash(join(runs, id))) !== reference.old) fault(`${id} is not whole`);
      return isThere ? "whole" : "absent";
    }
  }
}

/** One that is there stays as it is; where none is, the same can be made. */
async function stateOfRun(dir: string, make: (dir: string) => Promise<unknown>): Promise<"absent" | "partial" | "whole"> {
  const reader = await openTrace(dir).catch(() => undefined);
  await reader?.close();
  if (reader) return reader.trace.status === "complete" ? "whole" : "partial";
  await make(dir);
  return "absent";
}
