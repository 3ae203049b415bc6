import {notify} from "../state/store.ts";
import {GPU_LINES, GPU_NEEDS, GPU_SERVE_LINE} from "./gpuLines.ts";

/** How a model that needs a GPU comes onto this page. */
export function FromGpuBox() {
  return (
    <details className="more gpu-box">
      <summary>From the GPU box to the page</summary>
      <pre>{GPU_LINES}</pre>
      <button type="button" onClick={() => void navigator.clipboard.writeText(GPU_LINES).then(() => notify("Copied"))}>
        Copy
      </button>
      <p className="hint">
        {GPU_NEEDS} The third line runs Huginn-0125; <code>--model</code> takes others, by folder or name on the hub. Where the folder is
        too large to bring, serve it there, and open this page’s address here: <code>{GPU_SERVE_LINE}</code>.
      </p>
    </details>
  );
}
