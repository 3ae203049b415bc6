import {useEffect, useRef, useState, type SyntheticEvent} from "react";
import type {ImportRequest, ToldReport, Unclear} from "../../api/contract/contract.ts";
import {formatBytes} from "../plot/format.ts";
import {Dialog} from "../parts/Dialog.tsx";
import {FromGpuBox} from "./FromGpuBox.tsx";
import {useSource} from "../source/sourceContext.ts";
import {notify, openRun, openRuns, showDialog, useStore} from "../state/store.ts";

const TRACE = "trace.json";

/** What of the chosen files can be said before they are sent. */
interface Chosen {
  readonly files: readonly File[];
  readonly isTrace: boolean;
  /** The one file that is no trace. */
  readonly single: File | undefined;
}

function useChosen(): Chosen {
  const files = useStore((state) => state.incoming);
  const isTrace = files.some(({name}) => name === TRACE);
  return {files, isTrace, single: !isTrace && files.length === 1 ? files[0] : undefined};
}

/** What a person said of a file that does not say it. */
type Said = Pick<ImportRequest, "array" | "axes">;

/** How far the files have come. */
interface Opening {
  /** What is done now; empty while nothing is. */
  readonly busy: string;
  readonly refused?: string;
  /** What the server asks back. */
  readonly unclear?: Unclear;
  /** What the file says, where it is a report. */
  readonly report?: ToldReport;
}

const close = (): void => {
  useStore.setState({incoming: []});
  showDialog(undefined);
};

/** Sends the files, once, and reads them; asks back what they do not say. */
function useOpening({files, single}: Chosen) {
  const source = useSource();
  const upload = useRef<string>(undefined);
  const [opening, setOpening] = useState<Opening>({busy: ""});
  const [said, setSaid] = useState<Said>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: other files are another try
  useEffect(() => {
    upload.current = undefined;
    setOpening({busy: ""});
    setSaid({});
  }, [files]);
  async function sent(): Promise<string> {
    if (upload.current !== undefined) return upload.current;
    const name = `page-${crypto.randomUUID()}`;
    for (const file of files) {
      setOpening({busy: `Sending ${file.name}, ${formatBytes(file.size)} …`});
      await source.upload(name, file);
    }
    return name;
  }
  const open = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    try {
      const name = await sent();
      upload.current = undefined; // it is gone once it was read, unless something is asked back
      setOpening({busy: "Reading it …"});
      const {runs, warnings, report, unclear} = await source.importRuns({
        upload: name,
        ...(single && {file: single.name}),
        ...said,
        ask: true
      });
      setOpening({busy: "", report, unclear});
      if (unclear) upload.current = name;
      if (report || unclear) return;
      close();
      if (warnings.length) notify(warnings.join("\n"));
      if (runs.length === 1) openRun(runs[0]);
      else openRuns();
    } catch (error) {
      setOpening({busy: "", refused: (error as Error).message});
    }
  };
  return {...opening, said, say: (more: Said) => setSaid({...said, ...more}), open};
}

/** Whether everything that was asked back is answered. */
const isAnswered = (unclear: Unclear | undefined, said: Said): boolean =>
  !unclear || ("arrays" in unclear ? said.array !== undefined : said.axes !== undefined);

/** Opens what was made elsewhere: a trace folder, a file of states, or a report; asks back what a file does not say. */
export function OpenDialog() {
  const chosen = useChosen();
  const {busy, refused, unclear, report, said, say, open} = useOpening(chosen);
  const isWhole = chosen.isTrace || chosen.files.length === 1;
  return (
    <Dialog title="Open" wide onClose={close}>
      <form className="open-form" onSubmit={(event) => void open(event)}>
        <p>
          A trace folder, states as <code>.safetensors</code>, <code>.npz</code>, <code>.npy</code> or Parquet, or a report. Drop it
          anywhere on the page, or choose it here; from a shell <code>orrery open PATH</code> does the same.
        </p>
        <FileFields chosen={chosen} />
        {unclear && <UnclearFields unclear={unclear} said={said} say={say} />}
        {report && <ReportSays report={report} />}
        <FromGpuBox />
        {refused && (
          <p className="band band-error" role="alert">
            {refused}
          </p>
        )}
        <footer>
          <span className="note" role="status">
            {busy}
          </span>
          <span className="header-space" />
          <button type="button" className="quiet" onClick={close}>
            Close
          </button>
          <button type="submit" className="primary" disabled={busy !== "" || !isWhole || !isAnswered(unclear, said)}>
            Open
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function FileFields({chosen: {files, isTrace}}: {chosen: Chosen}) {
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
            </li>
          ))}
        </ul>
      )}
      {files.length > 1 && !isTrace && <p className="problem">Several files, and none is {TRACE}: open them one by one.</p>}
    </>
  );
}

/** What the file does not say: which array holds the states, or what its axes are. */
function UnclearFields({unclear, said, say}: {unclear: Unclear; said: Said; say: (more: Said) => void}) {
  if ("arrays" in unclear)
    return (
      <label className="field" htmlFor="unclear">
        The file holds several arrays: which one holds the states?
        <Choices value={said.array} options={unclear.arrays} onChange={(array) => say({array})} />
      </label>
    );
  const {array, shape, orders} = unclear;
  const names = orders.map((order) => order.map((axis, i) => `${axis} ${shape[i]}`).join(" × "));
  return (
    <label className="field" htmlFor="unclear">
      The file does not say what the axes of {array} [{shape.join(", ")}] are:
      <Choices
        value={names[orders.findIndex((order) => order.join() === said.axes?.join())]}
        options={names}
        onChange={(name) => say({axes: name === undefined ? undefined : orders[names.indexOf(name)]})}
      />
    </label>
  );
}

interface ChoicesProps {
  readonly value: string | undefined;
  readonly options: readonly string[];
  readonly onChange: (value: string | undefined) => void;
}

/** A choice that has to be made: nothing is taken for granted. */
function Choices({value = "", options, onChange}: ChoicesProps) {
  return (
    <select id="unclear" data-first autoFocus value={value} onChange={({target}) => onChange(target.value || undefined)}>
      <option value="">choose …</option>
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </select>
  );
}

/** A report holds no states to look into: what it says, and how its run is made again. */
function ReportSays({report: {title, status, sentences, command}}: {report: ToldReport}) {
  return (
    <section className="report-says" aria-label="The report">
      <h3>
        {status === "partial" && "Partial: "}
        {title}
      </h3>
      <p>{sentences.join(" ")}</p>
      <p className="hint">
        A report holds what was found and no states, so that there is nothing more to open: it shows itself in a browser, without a server.
        This makes its run again:
      </p>
      <pre>{command}</pre>
    </section>
  );
}
