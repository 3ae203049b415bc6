import {MAX_BODY_BYTES} from "../../api/contract/choices.ts";
import {useId, useRef, useState, type ChangeEvent} from "react";
import {useExperimentDraft} from "./experimentDraft.ts";
import {promptsInFile, promptTextOf} from "./promptText.ts";

const MAX_FILE_BYTES = 10 * MAX_BODY_BYTES; // more than a request takes; stops a wrong choice from filling the page

export interface PromptsFieldProps {
  readonly text: string;
  readonly problem: string | undefined;
  /** Prompts in the text. */
  readonly count: number;
}

/** A file that was chosen, and why it could not be read. */
interface ChosenFile {
  readonly name: string;
  readonly error?: string;
}

/** Puts a file's prompts into the draft. Throws an Error of one line for one that is too large or holds none. */
async function takeFile(chosen: File): Promise<void> {
  if (chosen.size > MAX_FILE_BYTES)
    throw new Error(
      `${chosen.name} has ${(chosen.size / 1e6).toFixed(0)} MB; expected at most ${MAX_BODY_BYTES / 1e6} MB here, more with orrery paths`
    );
  const prompts = promptsInFile(chosen.name, await chosen.text());
  useExperimentDraft.setState({
    prompts: promptTextOf(prompts),
    ...(useExperimentDraft.getState().title === "" && {title: chosen.name.replace(/\.\w+$/, "")})
  });
}

/** Prompts, pasted or out of a file, which becomes text to be seen and changed. */
export function PromptsField({text, problem, count}: PromptsFieldProps) {
  const id = useId();
  const [file, setFile] = useState<ChosenFile>();
  return (
    <div className="field">
      <label htmlFor={id}>Prompts, one a line</label>
      <textarea
        id={id}
        data-first
        rows={5}
        value={text}
        spellCheck={false}
        wrap="off"
        placeholder={"\\n48+37=\t85\\n"}
        aria-invalid={problem !== undefined || file?.error !== undefined}
        aria-describedby={`${id}-about`}
        onChange={({target}) => {
          setFile(undefined);
          useExperimentDraft.setState({prompts: target.value});
        }}
      />
      <FileRow file={file} count={count} onFile={setFile} />
      <div id={`${id}-about`}>
        {file?.error && (
          <p className="problem" role="alert">
            {file.error}
          </p>
        )}
        {problem && <p className="problem">{problem}</p>}
        <p className="hint">
          After a tab the answer that should follow; with it the landscape is judged too. \n is a newline, \t a tab, \\ a backslash.
        </p>
      </div>
    </div>
  );
}

/** A file instead, and how many prompts there are now. */
function FileRow({file, count, onFile}: {file: ChosenFile | undefined; count: number; onFile: (file: ChosenFile) => void}) {
  const chooser = useRef<HTMLInputElement>(null);
  const choose = async ({target}: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const [chosen] = target.files ?? [];
    target.value = ""; // the same file, mended, may be chosen again
    if (!chosen) return;
    try {
      await takeFile(chosen);
      onFile({name: chosen.name});
    } catch (error) {
      onFile({name: chosen.name, error: (error as Error).message});
    }
  };
  const words = `${count} ${count === 1 ? "prompt" : "prompts"}`;
  return (
    <div className="file-row">
      <button type="button" onClick={() => chooser.current?.click()}>
        Choose a file …
      </button>
      <input
        ref={chooser}
        type="file"
        accept=".jsonl,.ndjson,.txt"
        aria-label="File of prompts"
        hidden
        onChange={(event) => void choose(event)}
      />
      <span className="note">
        {file && !file.error ? `${file.name}: ${words}` : count > 0 ? words : '.jsonl with a {"prompt": …, "answer": …} a line, or .txt'}
      </span>
    </div>
  );
}
