import {openCheckpoint, type Checkpoint} from "../model/checkpoint.ts";
import {recognise} from "./families.ts";

/** Opens a checkpoint folder of any family. Throws a ModelFormatError of one line that names the key or tensor. */
export const loadCheckpoint = (folder: string): Promise<Checkpoint> => openCheckpoint(folder, recognise);
