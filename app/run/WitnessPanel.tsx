import {useState} from "react";
import {useRemote} from "../source/remote.ts";
import {NO_MODEL} from "./modelless.ts";
import {useSource} from "../source/sourceContext.ts";
import {Failed} from "../parts/Failed.tsx";

interface WitnessPanelProps {
  readonly run: string;
  readonly index: number;
  readonly init: number;
  readonly modelless: boolean;
}

/** What the model's own step says of a label, which was made without it. Asked for when it is opened: the model has to run. */
export function WitnessPanel(props: WitnessPanelProps) {
  const [open, setOpen] = useState(false);
  if (useSource().kept) return null; // it takes the model
  return (
    <details className="more" open={open} onToggle={({currentTarget}) => setOpen(currentTarget.open)}>
      <summary>Witness: the model’s own step</summary>
      {open && (props.modelless ? <p className="note">No witness: {NO_MODEL}.</p> : <WitnessOf {...props} />)}
    </details>
  );
}

function WitnessOf({run, index, init}: Omit<WitnessPanelProps, "modelless">) {
  const source = useSource();
  const answer = useRemote((signal) => source.witness(run, {init}, signal), ["witness", run, init]);
  if (answer.status === "loading") return <p className="note">Computing Jacobian-vector products …</p>;
  if (answer.status === "failed") return <Failed of={answer} what="No witness" />;
  const own = answer.value.tokens.find((token) => token.index === index);
  if (!own) return <p className="note">No witness of this token.</p>;
  return (
    <p className="note" data-witness={own.opinion}>
      <b>{own.opinion}</b>: {own.why}. Leading eigenvalues of the core step’s Jacobian{" "}
      {own.steps === 1 ? "at the last state" : `over the last ${own.steps} steps (its Floquet multipliers)`}, of this token and of those
      that it sees; the label does not rest on them.
    </p>
  );
}
