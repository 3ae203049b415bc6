import {counted} from "../../api/contract/choices.ts";
import type {ExperimentOverview} from "../../api/contract/contract.ts";
import {formatNumber, formatShare} from "../plot/format.ts";

/** What an experiment found: one verdict, and the three numbers that it rests on. */
export function ExperimentVerdict({overview: {summary}}: {overview: ExperimentOverview}) {
  const {independent_tokens, rate, answer_step, tokens} = summary;
  return (
    <div className="experiment-verdict">
      <p className="verdict-line">{verdictOf(summary)}</p>
      <dl className="large-numbers">
        <Large
          value={formatShare(independent_tokens.share)}
          name="of the tokens end in one place from every start"
          about={`${independent_tokens.count} of ${independent_tokens.n}; ${formatShare(independent_tokens.ci[0])} to ${formatShare(independent_tokens.ci[1])}`}
        />
        <Large
          value={rate ? formatNumber(rate.mean) : "–"}
          name="of the gap between starts is kept at each step"
          about={
            rate
              ? `mean over ${rate.n} tokens${rate.ci ? `; ${formatNumber(rate.ci[0])} to ${formatNumber(rate.ci[1])}` : ""}`
              : "no gap stood above the noise"
          }
        />
        <Large
          value={answer_step.median === null ? "never" : `step ${Math.ceil(answer_step.median)}`}
          name="from which all starts say the same"
          about={
            answer_step.median === null
              ? `of ${tokens} tokens`
              : `median of ${answer_step.n} of ${answer_step.of} tokens; 90 % by step ${Math.ceil(answer_step.p90 ?? answer_step.median)}`
          }
        />
      </dl>
    </div>
  );
}

function Large({value, name, about}: {value: string; name: string; about: string}) {
  return (
    <div>
      <dd className="large-number">{value}</dd>
      <dt>{name}</dt>
      <dd className="note">{about}</dd>
    </div>
  );
}

/** The verdict in one sentence, by where nearly all tokens, most or fewer end alike. */
function verdictOf({
  independent_tokens: {count, n},
  several_attractors,
  unfinished_tokens,
  prompts
}: ExperimentOverview["summary"]): string {
  const over = `over ${counted(prompts, "prompt")}`;
  if (count === n) return `Path independent ${over}: every token ends where it ends, wherever it starts.`;
  const why = [
    ...(several_attractors.count > 0 ? [`${several_attractors.count} of ${n} tokens have several places to end in`] : []),
    ...(unfinished_tokens > 0 ? [`${unfinished_tokens} were still closing in when the run ended`] : [])
  ];
  const how = count / n > 0.95 ? "Nearly path independent" : count / n > 0.5 ? "Path independent for most tokens" : "Path dependent";
  return `${how} ${over}${why.length ? `: ${why.join("; ")}` : ""}.`;
}
