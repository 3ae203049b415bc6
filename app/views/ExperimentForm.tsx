import {useState, type FormEvent} from "react";
import {promptLinesOf} from "../promptLines.ts";
import {useRemote, valueOf} from "../remote.ts";
import {useSource} from "../sourceContext.ts";
import {go} from "../store.ts";
import {viewOf} from "../address.ts";
import {NumberField} from "./NumberField.tsx";

/** Asks for prompts and starts an experiment with them. */
export function ExperimentForm() {
  const source = useSource();
  const models = valueOf(useRemote((signal) => source.models(signal), ["models"]))?.filter(({error}) => error === null) ?? [];
  const [model, setModel] = useState("");
  const [text, setText] = useState("");
  const [steps, setSteps] = useState(64);
  const [inits, setInits] = useState(16);
  const [refused, setRefused] = useState<string>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setRefused(undefined);
    try {
      const {id} = await source.startExperiment({model: model || models[0]?.name, prompts: promptLinesOf(text), steps, inits, seed: 0});
      go({...viewOf(""), experiment: id});
    } catch (error) {
      setRefused((error as Error).message);
    }
  };
  return (
    <details className="more experiment-form">
      <summary>New experiment</summary>
      <form className="capture" onSubmit={(event) => void submit(event)} noValidate>
        <label className="field">
          Prompts, one a line; after a tab the answer that should follow
          <textarea rows={4} value={text} spellCheck={false} placeholder={"\\n48+37=\t85"} onChange={({target}) => setText(target.value)} />
        </label>
        <div className="field-row">
          <label className="field">
            Model
            <select value={model} onChange={({target}) => setModel(target.value)}>
              {models.map(({name}) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <NumberField label="Steps" value={steps} onChange={setSteps} />
          <NumberField label="Initial states" value={inits} onChange={setInits} />
        </div>
        {refused && (
          <p className="band band-error" role="alert">
            {refused}
          </p>
        )}
        <footer>
          <span className="header-space" />
          <button type="submit" className="primary" disabled={models.length === 0}>
            Start
          </button>
        </footer>
      </form>
    </details>
  );
}
