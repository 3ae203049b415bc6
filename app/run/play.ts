import {useEffect} from "react";
import {stepTo} from "./selection.ts";
import {useStore} from "../state/store.ts";

const STEPS_PER_SECOND = 14;
const CALM_STEPS_PER_SECOND = 2; // where the system asks for less motion

/** Moves the step on while the page plays; stops at the last. */
export function usePlaying(lastStep: number): void {
  const playing = useStore((state) => state.playing);
  useEffect(() => {
    if (!playing) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const timer = setInterval(
      () => {
        const step = useStore.getState().view.step ?? lastStep;
        if (step >= lastStep) useStore.setState({playing: false});
        else stepTo(step + 1, lastStep);
      },
      1000 / (calm ? CALM_STEPS_PER_SECOND : STEPS_PER_SECOND)
    );
    return () => clearInterval(timer);
  }, [playing, lastStep]);
}

/** Plays from the step looked at, or from the start if it is the last; or stops. */
export function togglePlaying(lastStep: number): void {
  const {playing, view} = useStore.getState();
  if (!playing && (view.step ?? lastStep) >= lastStep) stepTo(0, lastStep);
  useStore.setState({playing: !playing && lastStep > 0});
}
