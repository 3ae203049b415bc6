import type {ModelSummary} from "../../api/contract/contract.ts";
import {formatBytes, tokenLabel} from "../plot/format.ts";
import {useDraft} from "./captureDraft.ts";

const SHOWN_CHARACTERS = 24;

/** What a model is, and prompts in the form that it knows: a press puts one into the form. */
export function ModelCardNote({model}: {model: ModelSummary | undefined}) {
  if (!model) return null;
  const {card, width, blocks, mean_recurrence, max_tokens, bytes} = model;
  return (
    <div className="model-card">
      <p className="hint">
        {card?.about ?? "Its folder has no card.json and no README.md."} Width {width}, {Object.values(blocks).join("+")} blocks,{" "}
        {formatBytes(bytes)}; trained with {mean_recurrence} steps; at most {max_tokens} tokens.
      </p>
      {card && card.examples.length > 0 && (
        <p className="examples" role="group" aria-label="Example prompts">
          <span className="note">try</span>
          {card.examples.map(({prompt, about}) => (
            <button key={prompt} type="button" title={about} onClick={() => useDraft.setState({prompt})}>
              <span className="word">{shortened(prompt)}</span> <span className="note">{about}</span>
            </button>
          ))}
        </p>
      )}
    </div>
  );
}

function shortened(prompt: string): string {
  const text = tokenLabel(prompt);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
