import {useEffect, useState, type SyntheticEvent} from "react";
import type {ImportRequest} from "../../api/contract/contract.ts";
import {formatBytes} from "../plot/format.ts";
import {Dialog} from "../parts/Dialog.tsx";
import {useSource} from "../source/sourceContext.ts";
import {notify, openRun, openRuns, showDialog, useStore} from "../state/store.ts";
import {npyShape} from "./npyShape.ts";

type Axes = NonNullable<ImportRequest["axes"]>;

/** Orders of the axes, by how many an array has: of three the file does not say which is meant. */
const ORDERS: Readonly<Record<number, readonly Axes[]>> = {
  2: [["step", "width"]],
  3: [
    ["step", "token", "width"],
    ["step", "init", "width"]
  ],
  4: [
    ["step", "init", "token", "width"],
    ["step", "token", "init", "width"]
  ]
};
const TRACE = "trace.json";

/** What of the chosen files can be said before they are sent. */
interface Chosen {
  readonly files: readonly File[];
  readonly isTrace: boolean;
  /** The one file that is no trace. */
  readonly single: File | undefined;
  /** Of a .npy file. */
  readonly shape: readonly number[] | undefined;
  readonly axes: Axes | undefined;
  readonly setAxes: (axes: Axes | undefined) => void;
}

function useChosen(): Chosen {
  const files = useStore((state) => state.incoming);
  const [shape, setShape] = useState<readonly number[]>();
  const [axes, setAxes] = useState<Axes>();
  const isTrace = files.some(({name}) => name === TRACE);
  const single = !isTrace && files.length === 1 ? files[0] : undefined;
  useEffect(() => {
    setAxes(undefined);
    setShape(undefined);
    if (single?.name.endsWith(".npy")) void npyShape(single).then(setShape);
  }, [single]);
  return {files, isTrace, single, shape, axes, setAxes};
}

/** Whether there is something that can be opened as it is. */
const isReady = ({files, isTrace, shape, axes}: Chosen): boolean =>
  files.length > 0 && (isTrace || files.length === 1) && !(shape?.length === 3 && !axes);

const close = (): void => {
  useStore.setState({incoming: []});
  showDialog(undefined);
};

/** Sends the files and reads them; what is done now, and why it was refused. */
function useOpening({files, single, axes}: Chosen) {
  const source = useSource();
  const [busy, setBusy] = useState("");
  const [refused, setRefused] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another file is another try
  useEffect(() => setRefused(undefined), [single]);
  const open = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setRefused(undefined);
    const upload = `page-${crypto.randomUUID()}`;
    try {
      for (const file of files) {
        setBusy(`Sending ${file.name}, ${formatBytes(file.size)} …`);
        await source.upload(upload, file);
      }
      setBusy("Reading it …");
      const {runs, warnings} = await source.importRuns({upload, ...(single && {file: single.name}), ...(axes && {axes})});
      close();
      if (warnings.length) notify(warnings.join(" "));
      if (runs.length === 1) openRun(runs[0]);
      else openRuns();
    } catch (error) {
      setRefused((error as Error).message);
    } finally {
      setBusy("");
    }
  };
  return {busy, refused, open};
}

/** Opens what was made elsewhere: a trace folder, or a file of states; asks for the axes where the file does not say them. */
export function OpenDialog() {
  const chosen = useChosen();
  const {busy, refused, open} = useOpening(chosen);
  return (
    <Dialog title="Open" wide onClose={close}>
      <form className="open-form" onSubmit={(event) => void open(event)}>
        <p>
          A trace folder, or states as <code>.safetensors</code>, <code>.npz</code> or <code>.npy</code>. Drop it anywhere on the page, or
          choose it here. A report opens by itself in the browser.
        </p>
        <FileFields chosen={chosen} />
        <AxesField chosen={chosen} />
        <FromGpuBox />
        {refused && (
          <p className="band band-error" role="alert">
            {refused}
          </p>
        )}
        <footer>
          <span className="note">{busy}</span>
          <span className="header-space" />
          <button type="button" className="quiet" onClick={close}>
            Close
          </button>
          <button type="submit" className="primary" disabled={busy !== "" || !isReady(chosen)}>
            Open
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function FileFields({chosen: {files, isTrace, single, shape}}: {chosen: Chosen}) {
  return (
    <>
      <div className="field-row">
        <label className="field">
          File, or all files of a trace folder
          <input type="file" multiple onChange={({target}) => useStore.setState({incoming: [...(target.files ?? [])]})} />
        </label>
      </div>
      {files.length > 0 && (
        <ul className="note">
          {files.map(({name, size}) => (
            <li key={name}>
              {name}, {formatBytes(size)}
              {name === single?.name && shape && `, [${shape.join(", ")}]`}
            </li>
          ))}
        </ul>
      )}
      {files.length > 1 && !isTrace && <p className="problem">Several files, and none is {TRACE}: open them one by one.</p>}
    </>
  );
}

/** What the axes of an array may be; nothing where its file says it. */
function AxesField({chosen: {single, shape, axes, setAxes}}: {chosen: Chosen}) {
  const orders = single ? (shape ? (ORDERS[shape.length] ?? []) : single.name.endsWith(".npy") ? [] : Object.values(ORDERS).flat()) : [];
  if (orders.length === 0) return null;
  return (
    <label className="field">
      Axes{shape?.length === 3 && ": the file does not say whether the middle one is tokens or initial states"}
      <select value={axes?.join() ?? ""} onChange={({target}) => setAxes((target.value.split(",").filter(Boolean) as Axes) || undefined)}>
        <option value="">{shape?.length === 3 ? "choose …" : "as their number says"}</option>
        {orders.map((order) => (
          <option key={order.join()} value={order.join()}>
            {order.join(", ")}
          </option>
        ))}
      </select>
    </label>
  );
}

const LINES = `pip install torch transformers safetensors numpy
python capture_trace.py --model MODEL --prompt "The capital of France is" --steps 64 --inits 2 --out trace
# bring the folder here, then drop it on this page …
scp -r gpu-box:trace .
# … or serve it there, and look from here
ssh -L 4040:127.0.0.1:4040 gpu-box "cd orrery && npm start"`;

/** Five lines from a machine with a GPU to this page. */
function FromGpuBox() {
  return (
    <details className="more">
      <summary>From the GPU box to the page</summary>
      <pre>{LINES}</pre>
      <button type="button" onClick={() => void navigator.clipboard.writeText(LINES).then(() => notify("Copied"))}>
        Copy
      </button>
      <p className="hint">
        <code>capture/torch/capture_trace.py</code> is one file. MODEL is a folder or a name on the hub. In bfloat16 a state takes two bytes
        a number: of width 5,280, 64 steps × 2 inits × 100 tokens are 137 MB.
      </p>
    </details>
  );
}
