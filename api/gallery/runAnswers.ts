import {exitsOfRun} from "../analyses/exits.ts";
import {metricsMessage} from "../analyses/metrics.ts";
import {runPatterns} from "../analyses/patterns.ts";
import {projectionMessage} from "../analyses/projection.ts";
import {GALLERY_PROJECTIONS, galleryQuestion} from "../contract/galleryQuestions.ts";
import type {KeptArguments, Patterns} from "../contract/contract.ts";
import {keptAnswer, type Question} from "../work/analysisCache.ts";
import {withSentences} from "../report/labelSentences.ts";
import {Refusal} from "../../capture/trace/refusal.ts";
import type {TraceReader} from "../../capture/trace/reader.ts";

/** What a run is asked for a gallery: the question's name, the file that its answer becomes, and how it is worked out. */
export interface GalleryQuestion {
  readonly question: string;
  readonly file: string;
  readonly answer: () => Promise<Uint8Array>;
}

const SEED = 0; // the page asks for no other
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/;

const PER_SITE = 3; // metrics, patterns, arguments
const OF_RUN = 5; // exits, texts, notes, spectra, report

/** How many questions a run is asked: what progress counts. */
export const galleryAnswers = ({sites, umap}: {readonly sites: readonly string[]; readonly umap: boolean}): number =>
  sites.length * (PER_SITE + GALLERY_PROJECTIONS.length - (umap ? 0 : 1)) + OF_RUN;

/** All that a gallery's page will ask of a run: the answers are the bytes that a server would send. */
export function galleryQuestions(
  reader: TraceReader,
  {sites, umap}: {readonly sites: readonly string[]; readonly umap: boolean}
): readonly GalleryQuestion[] {
  return [
    ...sites.flatMap((site, i) => siteQuestions(reader, site, {part: PLAIN.test(site) ? site : `site-${i + 1}`, umap})),
    {
      question: galleryQuestion("exits"),
      file: "exits.json",
      answer: async () => (await kept(reader, {kind: "exits"})) ?? jsonBytes(await exitsOfRun(reader))
    }
  ];
}

function siteQuestions(
  reader: TraceReader,
  site: string,
  {part, umap}: {readonly part: string; readonly umap: boolean}
): readonly GalleryQuestion[] {
  let labelled: Promise<Patterns> | undefined; // once for both of its parts
  const argued = () => (labelled ??= runPatterns(reader, site, {argued: true}));
  return [
    {
      question: galleryQuestion("metrics", {site}),
      file: `metrics-${part}.safetensors`,
      answer: async () => (await kept(reader, {kind: "metrics", site})) ?? metricsMessage(reader, site)
    },
    {
      question: galleryQuestion("patterns", {site}),
      file: `patterns-${part}.json`,
      answer: async () => jsonBytes(withSentences(labelsIn(await argued())))
    },
    {
      question: galleryQuestion("arguments", {site}),
      file: `arguments-${part}.json`,
      answer: async () => jsonBytes(argumentsIn(await argued()))
    },
    ...GALLERY_PROJECTIONS.filter(({method}) => umap || method !== "umap").map(({method, dims, fit}) => ({
      question: galleryQuestion("projection", {method, dims, fit, site}),
      file: `${method}-${dims}-${fit}-${part}.safetensors`,
      answer: async () => {
        const query = {method, dims, fit, site, seed: SEED};
        return (await kept(reader, {kind: "projection", query})) ?? projectionMessage(reader, query);
      }
    }))
  ];
}

/** What a server worked out before; labels are not among it: it keeps them without what speaks against the others. */
const kept = ({dir, trace}: TraceReader, question: Question): Promise<Uint8Array | undefined> => keptAnswer(dir, trace, question);

const labelsIn = ({tokens, summary}: Patterns): Patterns => ({
  tokens: tokens.map(({arguments: _, evidence: __, ...answer}) => answer),
  summary
});

const argumentsIn = ({tokens}: Patterns): KeptArguments => ({
  tokens: tokens.map(({index, init, arguments: checks, evidence}) => ({index, init, arguments: checks, evidence}))
});

export const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** An answer, or the one line in which a run refuses it, as a server would say it. */
export async function answerOf({answer}: GalleryQuestion): Promise<Uint8Array | Refusal> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof Refusal && error.kind !== "damaged") return error;
    throw error;
  }
}
