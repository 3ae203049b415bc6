import {useMemo} from "react";
import {beyondNote} from "../../api/contract/choices.ts";
import type {TrainedProps} from "../plot/beyond.ts";
import type {ExperimentDetails, PromptResult} from "../../api/contract/contract.ts";
import {useKeys, type KeyCommand} from "../state/keys.ts";
import {formatInterval, formatNumber, tokenLabel} from "../plot/format.ts";
import {modeName} from "./promptRows.ts";
import {useRemote} from "../source/remote.ts";
import {useSource} from "../source/sourceContext.ts";
import {go, notify, openRun, useStore} from "../state/store.ts";
import {withJob} from "../state/useServer.ts";
import {Changes} from "../parts/Changes.tsx";
import {Band} from "../parts/Band.tsx";
import {Icon} from "../parts/Icon.tsx";
import {Link} from "../parts/Link.tsx";
import {kindOf} from "./PlacesTable.tsx";
import {PromptPaths} from "./PromptPaths.tsx";

const goTo = (prompt: number, prompts: number): void => {
  if (prompt >= 0 && prompt < prompts) go({prompt});
};

/** One prompt of an experiment, token by token. */
export function PromptPage({data, index}: {data: ExperimentDetails; index: number}) {
  const source = useSource();
  const {experiment, spec} = data;
  const {id, prompts, finished} = experiment;
  const epoch = useStore((state) => state.epoch);
  const result = useRemote((signal) => source.promptResult(id, index, signal), ["prompt", id, index], `${epoch} ${finished > index}`);
  const commands = useMemo(
    (): KeyCommand[] => [
      {keys: ["k", "ArrowLeft"], run: () => goTo(index - 1, prompts)},
      {keys: ["j", "ArrowRight"], run: () => goTo(index + 1, prompts)},
      {keys: ["Escape"], run: () => go({prompt: undefined})}
    ],
    [index, prompts]
  );
  useKeys(commands);
  const trained = spec?.model.trained_steps;
  const found = result.status === "ready" ? result.value : undefined;
  return (
    <main className="page experiment">
      <Crumbs data={data} index={index} />
      {result.status === "loading" && <p className="note">Loading the prompt …</p>}
      {result.status === "failed" && <Band tone="error" text={`The prompt could not be read: ${result.error.message}`} />}
      {result.status === "ready" && !found && (
        <Band
          tone="warning"
          text={
            index < prompts
              ? `Prompt ${index} is not finished yet: ${finished} of ${prompts} are.`
              : `The experiment has no prompt ${index}; its prompts are 0 to ${prompts - 1}.`
          }
        />
      )}
      {found && <Head result={found} id={id} isKept={spec?.keep.includes(index) ?? false} trained={trained} />}
      {found && <PromptPaths result={found} trained={trained} />}
    </main>
  );
}

/** Back to the experiment, and to the prompts beside this one. */
function Crumbs({data: {experiment}, index}: {data: ExperimentDetails; index: number}) {
  const {id, title, prompts} = experiment;
  const [sought, order] = [useStore(({view}) => view.sought), useStore(({view}) => view.order)];
  return (
    <nav className="crumbs" aria-label="Prompts of the experiment">
      <Link view={{experiment: id, sought, order}}>{title}</Link>
      <span className="note">
        prompt {index} of 0 to {prompts - 1}
      </span>
      <span className="header-space" />
      <button
        type="button"
        className="icon"
        disabled={index === 0}
        onClick={() => goTo(index - 1, prompts)}
        aria-label="Previous prompt"
        title="Previous prompt (k)"
        aria-keyshortcuts="k"
      >
        <Icon name="back" />
      </button>
      <button
        type="button"
        className="icon"
        disabled={index >= prompts - 1}
        onClick={() => goTo(index + 1, prompts)}
        aria-label="Next prompt"
        title="Next prompt (j)"
        aria-keyshortcuts="j"
      >
        <Icon name="forward" />
      </button>
    </nav>
  );
}

interface HeadProps extends TrainedProps {
  readonly result: PromptResult;
  readonly id: string;
  readonly isKept: boolean;
}

function Head({result: {index, prompt, answer, sequence, landscape}, id, isKept, trained}: HeadProps) {
  const source = useSource();
  const follow = (): void => {
    source.promptRun(id, index).then(
      ({run, job}) => {
        if (job) useStore.setState(({jobs}) => ({jobs: withJob(jobs, job)}));
        openRun(run);
      },
      (error: Error) => notify(error.message)
    );
  };
  const facts: readonly (readonly [string, string])[] = [
    ["verdict", sequence.verdict],
    [
      "ends in",
      sequence.reached !== 1
        ? `${sequence.reached} places`
        : sequence.period === 1
          ? "one place"
          : `one ${kindOf(sequence.period, sequence.phases)}`
    ],
    ["AA(noise)", formatNumber(sequence.aa_noise ?? NaN)],
    ["AA(swap)", formatNumber(sequence.aa_swap ?? NaN)],
    ["rate", `${formatNumber(sequence.rate ?? NaN)}${sequence.rate_ci ? ` ${formatInterval(sequence.rate_ci)}` : ""}`],
    ["together from step", `${formatNumber(sequence.reached_step ?? NaN)}${beyondNote(trained, sequence.reached_step ?? 0)}`],
    ...(answer === null ? [] : [["right answer", `“${tokenLabel(answer)}”`] as const]),
    ...(landscape ? [["landscape", `${modeName(landscape.mode)}, ${landscape.correct} of ${landscape.own} right`] as const] : [])
  ];
  return (
    <header className="panel-box">
      <div className="page-head">
        <h1 className="prompt-title">{tokenLabel(prompt)}</h1>
        <span className="header-space" />
        <Changes>
          <button
            type="button"
            className="primary"
            onClick={follow}
            title={
              isKept
                ? "Opens the trace that the experiment kept, as a run"
                : "Captures this prompt’s own starts again, the same trajectories, as a run"
            }
          >
            {isKept ? "Open its trajectories" : "Capture its trajectories"}
          </button>
        </Changes>
      </div>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </header>
  );
}
