import {counted, MAX_BODY_BYTES} from "../../api/contract/choices.ts";
import {useId, useRef, useState, type ChangeEvent} from "react";
import {promptsInFile, promptTextOf} from "./promptText.ts";

const MAX_FILE_BYTES = 10 * MAX_BODY_BYTES; // more than a request takes; stops a wrong choice from filling the page

interface PromptsFieldProps {
  readonly text: string;
  readonly problem: string | undefined;
  /** Prompts in the text. */
  readonly count: number;
  /** What becomes of a tab and what follows it. */
  readonly about: string;
  readonly onText: (text: string) => void;
  /** A file's prompts are the text now; its name without the ending. */
  readonly onFile: (name: string) => void;
}

/** A file that was chosen, and why it could not be read. */
interface ChosenFile {
  readonly name: string;
  readonly error?: string;
}

/** A file's prompts as text. Throws an Error of one line for one that is too large or holds none. */
async function textOf(chosen: File): Promise<string> {
  if (chosen.size > MAX_FILE_BYTES)
    throw new Error(
      `${chosen.name} has ${(chosen.size / 1e6).toFixed(0)} MB; expected at most ${MAX_BODY_BYTES / 1e6} MB here, more in a shell`
    );
  return promptTextOf(promptsInFile(chosen.name, await chosen.text()));
}

/** Prompts, pasted or out of a file, which becomes text to be seen and changed. */
export function PromptsField({text, problem, count, about, onText, onFile}: PromptsFieldProps) {
  const id = useId();
  const [file, setFile] = useState<ChosenFile>();
  const take = async (chosen: File): Promise<void> => {
    try {
      onText(await textOf(chosen));
      onFile(chosen.name.replace(/\.\w+$/, ""));
      setFile({name: chosen.name});
    } catch (error) {
      setFile({name: chosen.name, error: (error as Error).message});
    }
  };
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
          onText(target.value);
        }}
      />
      <FileRow file={file} count={count} onFile={(chosen) => void take(chosen)} />
      <div id={`${id}-about`}>
        {file?.error && (
          <p className="problem" role="alert">
            {file.error}
          </p>
        )}
        {problem && <p className="problem">{problem}</p>}
        <p className="hint">{about} \n is a newline, \t a tab, \\ a backslash.</p>
      </div>
    </div>
  );
}

/** A file instead, and how many prompts there are now. */
function FileRow({file, count, onFile}: {file: ChosenFile | undefined; count: number; onFile: (file: File) => void}) {
  const chooser = useRef<HTMLInputElement>(null);
  const choose = ({target}: ChangeEvent<HTMLInputElement>): void => {
    const [chosen] = target.files ?? [];
    target.value = ""; // the same file, mended, may be chosen again
    if (chosen) onFile(chosen);
  };
  const words = counted(count, "prompt");
  return (
    <div className="file-row">
      <button type="button" onClick={() => chooser.current?.click()}>
        Choose a file …
      </button>
      <input ref={chooser} type="file" accept=".jsonl,.ndjson,.txt" aria-label="File of prompts" hidden onChange={choose} />
      <span className="note">
        {file && !file.error ? `${file.name}: ${words}` : count > 0 ? words : '.jsonl with a {"prompt": …, "answer": …} a line, or .txt'}
      </span>
    </div>
  );
}
