import {collectCensus} from "./collectCensus.ts";
import {reportPage} from "./reportPage.ts";
import {reportScript} from "./reportScript.ts";

/** The report of a census's folder as one HTML document. Throws a Refusal for one that is not finished. */
export const censusReportPage = async (dir: string): Promise<string> => reportPage(await collectCensus(dir), await reportScript());
