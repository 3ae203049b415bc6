import {collectExperiment} from "./collectExperiment.ts";
import {reportPage} from "./reportPage.ts";
import {reportScript} from "./reportScript.ts";

/** The report of an experiment's folder as one HTML document. Throws an Error for a folder without a finished prompt. */
export const experimentReportPage = async (dir: string): Promise<string> => reportPage(await collectExperiment(dir), await reportScript());
