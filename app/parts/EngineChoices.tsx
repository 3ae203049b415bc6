import {computeDtypes, devices, engineKinds} from "../../api/contract/choices.ts";
import {Choice} from "./Choice.tsx";

/** What computes, as a form's draft has it. */
interface EngineDraft {
  readonly engine: (typeof engineKinds)[number];
  readonly dtype: (typeof computeDtypes)[number];
  readonly device: (typeof devices)[number];
}

interface EngineChoicesProps {
  readonly draft: EngineDraft;
  readonly problems: {readonly dtype?: string; readonly device?: string};
  readonly set: (patch: Partial<EngineDraft>) => void;
}

/** Engine, numbers and device: the same in every form that has something computed. */
export function EngineChoices({draft: {engine, dtype, device}, problems, set}: EngineChoicesProps) {
  return (
    <>
      <Choice label="Engine" value={engine} options={namesOf(engineKinds)} onChange={(chosen) => set({engine: chosen})} />
      <Choice
        label="Numbers"
        value={dtype}
        options={namesOf(computeDtypes)}
        problem={problems.dtype}
        onChange={(chosen) => set({dtype: chosen})}
      />
      <Choice
        label="Device"
        value={device}
        options={namesOf(devices)}
        problem={problems.device}
        onChange={(chosen) => set({device: chosen})}
      />
    </>
  );
}

const namesOf = <N extends string>(names: readonly N[]) => names.map((name) => [name, name] as const);
