import type {Checkpoint} from "../model/checkpoint.ts";
import type {Runner} from "../runner.ts";
export async function tfjsRunner(_checkpoint: Checkpoint, _options: {threads?: number; log: (line: string) => void}): Promise<Runner> { throw new Error("soon"); }
