import {notify} from "../state/store.ts";
import {GPU_LINES, GPU_NEEDS, GPU_SERVE_LINE, NOTEBOOK_LINES, OPEN_LINE} from "./gpuLines.ts";

/** How a model that needs a GPU comes onto this page. */
export function FromGpuBox() {
  return (
    <details className="more gpu-box">
      <summary>From the GPU box to the page</summary>
      <Lines text={GPU_LINES} what="the lines for a shell" />
      <p className="hint">
        {GPU_NEEDS} The third line runs Huginn-0125; <code>--model</code> takes others, by folder or name on the hub. Where the folder is
        too large to bring, serve it there, and open this page’s address here: <code>{GPU_SERVE_LINE}</code>.
      </p>
      <p>In a notebook, with a model that may be loaded already:</p>
      <Lines text={NOTEBOOK_LINES} what="the lines for a notebook" />
      <p className="hint">
        Then, in a shell: <code>{OPEN_LINE}</code>.
      </p>
    </details>
  );
}

const Lines = ({text, what}: {readonly text: string; readonly what: string}) => (
  <>
    <pre>{text}</pre>
    <button type="button" aria-label={`Copy ${what}`} onClick={() => void navigator.clipboard.writeText(text).then(() => notify("Copied"))}>
      Copy
    </button>
  </>
);
