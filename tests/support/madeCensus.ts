import {join} from "node:path";
import {tokenClass} from "../../analysis/census/tokenClass.ts";
import type {Pattern} from "../../analysis/patterns/labels.ts";
import {cellsOf, ROW_COLUMNS, type CensusRow} from "../../api/census/censusRow.ts";
import {makeCensus, openCensus, shardFile, shardsOf, sourcesHash} from "../../api/census/censusFolder.ts";
import {finishCensus} from "../../api/census/finishCensus.ts";
import {writeRowFile} from "../../api/census/rowFiles.ts";
import {shardAt} from "../../api/census/workShard.ts";
import type {CensusManifest} from "../../api/contract/censusSchemas.ts";

export interface MadeCensus {
  readonly prompts: readonly string[];
  /** What each character of a prompt would be called. */
  readonly claim: (text: string, token: number, prompt: number) => Pattern;
  /** Shards that are done; defaults to all, and the census is then finished. */
  readonly shards?: number;
}

/** A census's folder as a run of it would leave it, a token for each character, with claims that are told here instead of found. */
export async function writeCensus(root: string, id: string, {prompts, claim, shards}: MadeCensus): Promise<string> {
  const dir = join(root, id);
  const manifest: CensusManifest = {
    ...{schema: "orrery-census/1", title: id, from: "captures", steps: 64, inits: 1, init: {kind: "normal", scale: 1}, seed: 0},
    model: {name: "tiny-arithmetic", hash: "0".repeat(64), folder: "tiny-arithmetic"},
    prompts: {count: prompts.length, hash: sourcesHash(prompts)},
    ...{site: "state", engine: "onnx", dtype: "f32", device: "cpu", shard: 2, software: "0.0.0", created: "2026-01-31T14:25:01.000Z"},
    owner: null,
    keep: {traces: 0, sample: 0, megabytes: 0}
  };
  await makeCensus(dir, manifest, prompts);
  const census = await openCensus(dir);
  const done = shards ?? shardsOf(manifest);
  for (let index = 0; index < done; ++index) {
    const {first, sources} = shardAt(census, index);
    const rows = sources.flatMap((prompt, i) =>
      [...prompt].map((text, token) => rowOf({prompt: first + i, token, text, tokens: prompt.length}, claim))
    );
    await writeRowFile(shardFile(dir, index), ROW_COLUMNS, rows.map(cellsOf));
  }
  const engine = () => Promise.reject(new Error("no trace is kept"));
  if (done === shardsOf(manifest)) await finishCensus(census, {engine, model: "none"});
  return dir;
}

function rowOf(place: Pick<CensusRow, "prompt" | "token" | "text" | "tokens">, claimed: MadeCensus["claim"]): CensusRow {
  const claim = claimed(place.text, place.token, place.prompt);
  return {
    ...{init: 0, token_id: place.text.codePointAt(0)!, class: tokenClass(place.text), claim, p: claim === "unsettled" ? 0.4 : 1e-9},
    ...{rate: claim === "converging" ? 0.5 : null, rate_low: null, rate_high: null, spiral_period: null},
    ...{
      period: claim === "orbit" ? 3 : null,
      period_low: null,
      period_high: null,
      amplitude: claim === "orbit" ? 0.2 : null,
      off_curve: null
    },
    ...{drift_speed: claim === "slider" ? 0.01 : null, settled_step: claim === "converging" ? 8 + place.token : null},
    ...{still_from: null, bad_from: null, noise_floor: 1e-7, inits_cosine: null, published: "fixed point"},
    ...{entropy: 0.5, top_id: 1, top_text: "7", exits: {}},
    ...place
  };
}
