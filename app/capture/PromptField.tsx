import type {KeyboardEvent, SyntheticEvent} from "react";
import {counted} from "../../api/contract/choices.ts";
import {useDraft, type Draft} from "./captureDraft.ts";
import {tokenLabel} from "../plot/format.ts";
import type {Remote} from "../source/remote.ts";

const SHOWN_TOKENS = 200; // enough to see how a prompt is cut

interface PromptFieldProps {
  readonly draft: Draft;
  readonly tokens: Remote<readonly {id: number; text: string}[]>;
  readonly problem: string | undefined;
  readonly maxTokens: number | undefined;
  readonly onSubmit: (event: SyntheticEvent) => void;
}

/** The prompt, with the tokens it becomes. Control-Enter captures. */
export function PromptField({draft, tokens, problem, maxTokens, onSubmit}: PromptFieldProps) {
  const press = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSubmit(event);
  };
  return (
    <div className="field">
      <label htmlFor="capture-prompt">Prompt</label>
      <textarea
        id="capture-prompt"
        data-first
        rows={3}
        value={draft.prompt}
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby="capture-prompt-about"
        onChange={({target}) => useDraft.setState({prompt: target.value})}
        onKeyDown={press}
      />
      <div id="capture-prompt-about">
        {problem && <p className="problem">{problem}</p>}
        {tokens.status === "failed" && <p className="problem">{tokens.error.message}</p>}
        {tokens.status === "ready" && tokens.value.length > 0 && (
          <p className="tokens-preview">
            <span className="note" data-testid="token-count">
              {counted(tokens.value.length, "token")}
              {maxTokens !== undefined && ` of at most ${maxTokens}`}
            </span>
            {tokens.value.slice(0, SHOWN_TOKENS).map(({text}, i) => (
              <span key={i} className="chip">
                {tokenLabel(text)}
              </span>
            ))}
            {tokens.value.length > SHOWN_TOKENS && <span className="note">and {tokens.value.length - SHOWN_TOKENS} more</span>}
          </p>
        )}
      </div>
    </div>
  );
}
