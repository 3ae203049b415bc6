import {useState, type KeyboardEvent} from "react";
import {readyValue, useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {useTokens} from "../capture/useTokens.ts";
import {Changes} from "../parts/Changes.tsx";
import {tokenLabel} from "../plot/format.ts";
import {generateOrder, generateProblems, useGenerateDraft} from "./generateDraft.ts";
import {GeneratedText} from "./GeneratedText.tsx";
import {GenerateOptions} from "./GenerateOptions.tsx";
import {useGeneration} from "./useGeneration.ts";

const SHOWN_TOKENS = 60;

/** Tokens after a prompt as they are made, how many steps each took, and the way to their trajectories. */
export function GeneratePage() {
  const source = useSource();
  const draft = useGenerateDraft();
  const models = useRemote((signal) => source.models(signal), ["models"]);
  const usable = readyValue(models)?.filter(({error}) => error === null) ?? [];
  const model = usable.find(({name}) => name === draft.model) ?? usable[0];
  const tokens = useTokens(model?.name, draft.prompt);
  const count = readyValue(tokens)?.length;
  const problems = generateProblems(draft, count, model?.max_tokens);
  const [tried, setTried] = useState(false);
  const {generation, busy, start, cancel} = useGeneration();
  const submit = (): void => {
    setTried(true);
    if (model && Object.keys(problems).length === 0) void start(generateOrder({...draft, model: model.name}), model.mean_recurrence);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  };
  const examples = model?.card?.examples ?? [];

  return (
    <main className="page generate-page">
      <header className="page-head">
        <h1>Generate</h1>
        <span className="note">What a model says, and how many steps each token took.</span>
      </header>
      <form
        className="capture generate-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="field">
          <label htmlFor="generate-prompt">Prompt</label>
          <textarea
            id="generate-prompt"
            rows={3}
            value={draft.prompt}
            spellCheck={false}
            aria-invalid={tried && problems.prompt !== undefined}
            aria-describedby="generate-prompt-about"
            onChange={({target}) => useGenerateDraft.setState({prompt: target.value})}
            onKeyDown={press}
          />
          <div id="generate-prompt-about">
            {tried && problems.prompt && <p className="problem">{problems.prompt}</p>}
            {tokens.status === "failed" && <p className="problem">{tokens.error.message}</p>}
            {tokens.status === "ready" && tokens.value.length > 0 && (
              <p className="tokens-preview">
                <span className="note">
                  {tokens.value.length} {tokens.value.length === 1 ? "token" : "tokens"}
                </span>
                {tokens.value.slice(0, SHOWN_TOKENS).map(({text}, i) => (
                  <span key={i} className="chip">
                    {tokenLabel(text)}
                  </span>
                ))}
              </p>
            )}
            {draft.prompt === "" && examples.length > 0 && (
              <p className="tokens-preview">
                <span className="note">try</span>
                {examples.map(({prompt, about}) => (
                  <button key={prompt} type="button" className="quiet" title={about} onClick={() => useGenerateDraft.setState({prompt})}>
                    {tokenLabel(prompt)}
                  </button>
                ))}
              </p>
            )}
          </div>
        </div>
        <GenerateOptions draft={draft} models={models} usable={usable} model={model} problems={problems} />
        <footer>
          <span className="note">{draft.keep ? "Every position's states are kept as a run." : "No states are kept."}</span>
          <span className="header-space" />
          {busy && (
            <button type="button" onClick={cancel}>
              Stop
            </button>
          )}
          <Changes>
            <button type="submit" className="primary" disabled={models.status !== "loading" && !model}>
              {busy ? "Start again" : "Generate"}
            </button>
          </Changes>
        </footer>
      </form>
      {generation && <GeneratedText generation={generation} busy={busy} />}
    </main>
  );
}
