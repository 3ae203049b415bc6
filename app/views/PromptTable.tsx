import type {PromptResult} from "../../api/contract.ts";
import {formatNumber, tokenLabel} from "../plot/format.ts";
import {go} from "../store.ts";

/** A line per prompt, as its whole sequence goes. */
export function PromptTable({prompts, chosen, count}: {prompts: readonly PromptResult[]; chosen: number | undefined; count: number}) {
  return (
    <div className="table-place prompt-table" tabIndex={0} role="region" aria-label="Prompts">
      <table className="runs">
        <thead>
          <tr>
            {["Prompt", "Verdict", "AA noise", "AA swap", "Rate", "Reached at", "Ends", "Answer"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {prompts.map(({index, prompt, answer, tokens, sequence: {verdict, aa_noise, aa_swap, rate, rate_ci, reached_step, reached}}) => (
            <tr key={index} className={index === chosen ? "chosen" : undefined}>
              <td className="run-cell">
                <button type="button" className="link word" aria-current={index === chosen} onClick={() => go({prompt: index})}>
                  {tokenLabel(prompt)}
                </button>
              </td>
              <td>{verdict}</td>
              <td>{formatNumber(aa_noise ?? NaN)}</td>
              <td>{formatNumber(aa_swap ?? NaN)}</td>
              <td>
                {formatNumber(rate ?? NaN)}
                {rate_ci && ` [${rate_ci.map(formatNumber).join(", ")}]`}
              </td>
              <td>{reached_step === null ? "–" : `step ${reached_step}`}</td>
              <td>{reached === 1 ? "one place" : `${reached} places`}</td>
              <td>
                “<span className="word">{tokenLabel(saidOf(tokens, answer))}</span>”{answer !== null && <span className="note"> of {answer}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {prompts.length < count && <p className="note">The first {prompts.length} of {count} prompts.</p>}
    </div>
  );
}

/** What most starts say at the last step: the next token, or as many as the known answer is long. */
export function saidOf(tokens: PromptResult["tokens"], answer: string | null): string {
  let said = "";
  for (let i = tokens.length - 1; i >= 0 && (said === "" || said.length < (answer?.length ?? 0)); --i) said = (tokens[i].answer?.text ?? "–") + said;
  return said;
}
