import {
  GALLERY_COMPONENTS,
  GALLERY_FILE,
  GALLERY_FITS,
  GALLERY_RUNS,
  GALLERY_SCHEMA,
  galleryQuestion,
  withArguments
} from "../../api/contract/choices.ts";
import type {Gallery, GalleryRun, KeptArguments, Notes, Patterns, Run, Spectrum} from "../../api/contract/contract.ts";
import {siteReader} from "../../capture/trace/siteReader.ts";
import {encoded} from "../source/encoded.ts";
import {httpSource} from "../source/httpSource.ts";
import {remoteFile} from "../source/remoteFile.ts";
import {openRemoteTensors, type RemoteTensors} from "../source/remoteTensors.ts";
import type {Source} from "../source/Source.ts";
import {ServerError} from "../source/transport.ts";

interface GalleryOptions {
  /** Where the gallery lies; defaults to beside the page. */
  readonly base?: string;
  readonly fetch?: typeof globalThis.fetch;
}

const STATES = "states.safetensors";

/** What a folder says of itself. Throws an Error of one line where it is no gallery that this page reads. */
export async function openGallery({base = ".", fetch = globalThis.fetch.bind(globalThis)}: GalleryOptions = {}): Promise<Gallery> {
  const response = await fetch(`${base}/${GALLERY_FILE}`, {cache: "no-cache"});
  if (!response.ok) throw new Error(`missing gallery: ${response.status} for ${GALLERY_FILE}, which lies beside the page`);
  const gallery = await (response.json() as Promise<Gallery>).catch((cause: unknown) => {
    throw new Error(`invalid gallery: ${GALLERY_FILE} is no JSON; the web server gave something else in its place`, {cause});
  });
  if (gallery.schema !== GALLERY_SCHEMA)
    throw new Error(`unsupported gallery: ${String(gallery.schema).slice(0, 80)}; this page reads ${GALLERY_SCHEMA}`);
  return gallery;
}

/** The files of a gallery in the place of a server: what was worked out when it was made, and states read as they are looked at. */
export function gallerySource(
  gallery: Gallery,
  {base = ".", fetch = globalThis.fetch.bind(globalThis)}: GalleryOptions = {}
): Source & Required<Pick<Source, "kept">> {
  const files = galleryFiles(gallery, {base, fetch});
  const {json, tensors, find, address} = files;
  const patterns = (run: string, site: string) => json<Patterns>(run, galleryQuestion("patterns", {site}));
  const somePatterns = async (
    run: string,
    {site, tokens}: {readonly site: string; readonly tokens: readonly number[]}
  ): Promise<Patterns> => {
    const [labels, kept] = await Promise.all([patterns(run, site), json<KeptArguments>(run, galleryQuestion("arguments", {site}))]);
    const {tokens: all, summary} = withArguments(labels, kept);
    return {tokens: all.filter(({index}) => tokens.includes(index)), summary};
  };
  return {
    ...httpSource({fetch: noServer}),
    kept: {
      fits: GALLERY_FITS,
      components: GALLERY_COMPONENTS,
      files: (run) => find(run).files.map(({name, bytes}) => ({name, bytes, href: address(run, name)})),
      report(run) {
        const answer = find(run).answers[galleryQuestion("report")];
        return answer && "file" in answer ? address(run, answer.file) : undefined;
      }
    },
    runs: async () => ({runs: [...gallery.runs], broken: []}),
    run: (run) => json<Run>(run, galleryQuestion("run")),
    methods: async (signal) => (await fetch(`${base}/methods.json`, {signal})).json(),
    notes: (run) => json<Notes>(run, galleryQuestion("notes")),
    texts: async (run) => (await json<{texts: Record<string, string>}>(run, galleryQuestion("texts"))).texts,
    exits: (run) => json(run, galleryQuestion("exits")),
    patterns,
    somePatterns,
    metrics: async (run, site, range, signal) => (await tensors(run, galleryQuestion("metrics", {site}))).steps({range}, signal),
    async readout(run, {lens: _, ...range} = {}, signal) {
      const {trace} = await json<Run>(run, galleryQuestion("run"));
      return (await tensors(run, galleryQuestion("readout"))).steps({range, rows: trace.steps_written + 1}, signal);
    },
    async projection(run, {from, to, method = "pca", dims, fit = "all", site = "state"}, signal) {
      const kept = await tensors(run, galleryQuestion("projection", {method, dims, fit, site}));
      return kept.steps({range: {from, to}, isStepped: (name) => name.startsWith("points")}, signal);
    },
    async portrait(run, query) {
      const [{trace}, {tokens}] = await Promise.all([
        json<Run>(run, galleryQuestion("run")),
        somePatterns(run, {site: query.site, tokens: [query.token]})
      ]);
      const reader = siteReader(trace, (await files.open(run, STATES)).file);
      const {keptPortrait} = await import("./keptPortrait.ts");
      const verdict = tokens.find(({init}) => init === query.init);
      return keptPortrait(reader, verdict, {...query, inits: trace.inits.length});
    },
    async spectrum(run, {init, tokens: [token]}) {
      const {spectra} = await json<{spectra: Spectrum[]}>(run, galleryQuestion("spectra"));
      const found = spectra.find(({sequence, tokens}) => sequence.init === init && tokens.some(({index}) => index === token));
      if (!found) throw new ServerError(404, "none of this token was kept with the run, and working one out takes its model");
      return {...found, tokens: found.tokens.filter(({index}) => index === token)};
    }
  };
}

const noServer: typeof globalThis.fetch = async () =>
  new Response(JSON.stringify({error: "a gallery holds what was worked out when it was made, and has no server to ask"}), {status: 404});

/** The files of the runs, each opened once while its run is looked at. */
function galleryFiles(gallery: Gallery, {base, fetch}: Required<GalleryOptions>) {
  const runs = new Map(gallery.runs.map((run) => [run.id, run]));
  const held = {run: "", tensors: new Map<string, Promise<RemoteTensors>>(), json: new Map<string, Promise<unknown>>()};

  function find(run: string): GalleryRun {
    const found = runs.get(run);
    if (!found) throw new ServerError(404, `unknown run: ${run}; the gallery has ${[...runs.keys()].slice(0, 20).join(", ")}`);
    return found;
  }
  const address = (run: string, file: string): string => `${base}/${GALLERY_RUNS}/${encoded(run)}/${encoded(file)}?v=${find(run).version}`;

  function fileOf(run: string, question: string): string {
    const answer = find(run).answers[question];
    if (!answer) throw new ServerError(404, `not in this gallery: ${question}`);
    if ("refused" in answer) throw new ServerError(400, answer.refused);
    return answer.file;
  }

  /** What was opened before, else opened; a failure is tried again the next time. */
  async function once<T>(run: string, kind: "tensors" | "json", file: string, open: () => Promise<T>): Promise<T> {
    if (held.run !== run) {
      held.run = run;
      held.tensors.clear();
      held.json.clear();
    }
    const opened = held[kind] as Map<string, Promise<T>>;
    const found = opened.get(file) ?? open();
    opened.set(file, found);
    found.catch(() => opened.delete(file));
    return found;
  }

  const open = (run: string, file: string): Promise<RemoteTensors> =>
    once(run, "tensors", file, () => openRemoteTensors(remoteFile(address(run, file), {fetch})));

  return {
    find,
    address,
    open,
    tensors: async (run: string, question: string): Promise<RemoteTensors> => open(run, fileOf(run, question)),
    json: async <T>(run: string, question: string): Promise<T> => {
      const file = fileOf(run, question);
      return once(run, "json", file, async () => {
        const response = await fetch(address(run, file));
        if (!response.ok) throw new ServerError(response.status, `missing file: ${file} of ${run}, ${response.status}`);
        return (await response.json()) as T;
      });
    }
  };
}
