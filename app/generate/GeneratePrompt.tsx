import type {KeyboardEvent, SyntheticEvent} from "react";
import {counted} from "../../api/contract/choices.ts";
import type {ModelSummary} from "../../api/contract/contract.ts";
import {tokenLabel} from "../plot/format.ts";
import type {Remote} from "../source/remote.ts";
import {useGenerateDraft, type GenerateDraft} from "./generateDraft.ts";

const SHOWN_TOKENS = 60;

interface GeneratePromptProps {
  readonly draft: GenerateDraft;
  readonly tokens: Remote<readonly {readonly id: number; readonly text: string}[]>;
  readonly model: ModelSummary | undefined;
  readonly problem: string | undefined;
  readonly onSubmit: (event: SyntheticEvent) => void;
}

/** The prompt, its tokens, and those that the model's makers give as examples. */
export function GeneratePrompt({draft, tokens, model, problem, onSubmit}: GeneratePromptProps) {
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSubmit(event);
  };
  const examples = model?.card?.examples ?? [];
  return (
    <div className="field">
      <label htmlFor="generate-prompt">Prompt</label>
      <textarea
        id="generate-prompt"
        rows={3}
        value={draft.prompt}
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby="generate-prompt-about"
        onChange={({target}) => useGenerateDraft.setState({prompt: target.value})}
        onKeyDown={press}
      />
      <div id="generate-prompt-about">
        {problem && <p className="problem">{problem}</p>}
        {tokens.status === "failed" && <p className="problem">{tokens.error.message}</p>}
        {tokens.status === "ready" && tokens.value.length > 0 && (
          <p className="tokens-preview">
            <span className="note">{counted(tokens.value.length, "token")}</span>
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
  );
}
