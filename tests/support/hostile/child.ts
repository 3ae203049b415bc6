import {tryFiles} from "./tryFiles.ts";

/** Tries the seeds from one up to another, as it is told in its arguments, and tells its parent each outcome. */
const [kind, from, to, folder] = process.argv.slice(2);
const seeds = Array.from({length: Number(to) - Number(from)}, (_, i) => Number(from) + i);
for await (const outcome of tryFiles(kind, seeds, folder)) process.send?.(outcome);
process.disconnect?.();
