import type {ModelSummary} from "../../api/contract/contract.ts";
import {readyValue} from "../source/remote.ts";
import {useTokens} from "../capture/useTokens.ts";
import {Changes} from "../parts/Changes.tsx";
import {useModels} from "../parts/useModels.ts";
import {useSubmission} from "../parts/useSubmission.ts";
import {generateOrder, generateProblems, useGenerateDraft} from "./generateDraft.ts";
import {GeneratedText} from "./GeneratedText.tsx";
import {GeneratePrompt} from "./GeneratePrompt.tsx";
import {GenerateOptions} from "./GenerateOptions.tsx";
import {useGeneration} from "./useGeneration.ts";

/** Tokens after a prompt as they are made, how many steps each took, and the way to their trajectories. */
export function GeneratePage() {
  const draft = useGenerateDraft();
  const {models, usable, model} = useModels(draft.model);
  const tokens = useTokens(model?.name, draft.prompt);
  const count = readyValue(tokens)?.length;
  const problems = generateProblems(draft, count, model);
  const {generation, busy, start, cancel} = useGeneration();
  const send = async (chosen: ModelSummary): Promise<void> =>
    void start(generateOrder({...draft, model: chosen.name}), chosen.mean_recurrence);
  const {tried, submit} = useSubmission(draft, {
    ready: models.status !== "loading",
    send: model && Object.keys(problems).length === 0 ? () => send(model) : undefined
  });
  return (
    <main className="page generate-page">
      <header className="page-head">
        <h1>Generate</h1>
        <span className="note">What a model says, and how many steps each token took.</span>
      </header>
      <form className="capture generate-form" noValidate onSubmit={submit}>
        <GeneratePrompt draft={draft} tokens={tokens} model={model} problem={tried ? problems.prompt : undefined} onSubmit={submit} />
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
