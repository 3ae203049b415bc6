import {basename} from "node:path";
import type {TraceReader} from "../../capture/trace/reader.ts";
import {steppedSite, type SteppedSite} from "../runs/siteRows.ts";
import {Refusal} from "../../capture/trace/refusal.ts";

/** A site of a run that is compared with another. Throws a Refusal that names the run where it has no such site, or one of another width. */
export async function comparableSite(reader: TraceReader, other: TraceReader, site: string): Promise<SteppedSite> {
  const names = `invalid run to compare: ${basename(other.dir)}`;
  if (!other.sites.includes(site)) throw new Refusal(`${names} has no site ${site}; one of ${other.sites.join(", ")}`);
  const [own, its] = [reader.extentOf(site).width, other.extentOf(site).width];
  if (own !== its) throw new Refusal(`${names} has width ${its}; expected ${own}, as ${basename(reader.dir)} has`);
  return steppedSite(other, site);
}
