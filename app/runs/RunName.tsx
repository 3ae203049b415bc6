import {visible} from "../../capture/trace/visible.ts";
import type {RunSummary} from "../../api/contract/contract.ts";
import {promptBeside} from "../../api/contract/choices.ts";
import {Link} from "../parts/Link.tsx";
import {tokenLabel} from "../plot/format.ts";

type Named = Pick<RunSummary, "id" | "title" | "owner" | "tags" | "prompt"> & {readonly example?: boolean};

/** Title, the words beside it, and as much of the prompt as the line has room for. */
export function RunName({run}: {run: Named}) {
  const prompt = promptBeside(run);
  return (
    <div className="run-line">
      <Link view={{run: run.id}} className="run-title">
        {visible(run.title)}
      </Link>
      {run.example && <span className="tag">example</span>}
      {run.owner !== null && <span className="tag">{run.owner}</span>}
      {run.tags.map((tag) => (
        <span key={tag} className="tag">
          {visible(tag)}
        </span>
      ))}
      {prompt !== undefined && (
        <span className="run-prompt" title={prompt}>
          {tokenLabel(prompt)}
        </span>
      )}
    </div>
  );
}
