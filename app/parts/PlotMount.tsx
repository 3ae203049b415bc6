import {useEffect, useLayoutEffect, useRef, useState, type RefObject} from "react";
import type {Frame, Plot, PlotMaker} from "../plot/plot.ts";

interface PlotMountProps<Props extends Frame, Made extends Plot<Props>> {
  readonly make: PlotMaker<Props, Made>;
  readonly props: Omit<Props, keyof Frame>;
  readonly className?: string;
  /** Receives the plot itself, for what is asked of it directly. */
  readonly plot?: RefObject<Made | null>;
}

/** Mounts a plot in the room there is: made once, updated where a property or the room is another, destroyed at the end. */
export function PlotMount<Props extends Frame, Made extends Plot<Props>>({make, props, className, plot}: PlotMountProps<Props, Made>) {
  const node = useRef<HTMLDivElement>(null);
  const own = useRef<Made | null>(null);
  const drawn = useRef<Props>(undefined);
  const [size, setSize] = useState<Frame>();

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const {width, height} = entry.contentRect;
      if (width > 0 && height > 0) setSize({width: Math.floor(width), height: Math.floor(height)});
    });
    observer.observe(node.current as HTMLDivElement);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (!size) return;
    const full = {...props, ...size} as Props;
    if (own.current && drawn.current && isSame(drawn.current, full)) return; // what is around it changed, as the count of a job does
    drawn.current = full;
    if (own.current) own.current.update(full);
    else own.current = make(node.current as HTMLDivElement, full);
    if (plot) plot.current = own.current;
  });

  useEffect(
    () => () => {
      own.current?.destroy();
      own.current = null;
    },
    []
  );

  return <div ref={node} className={className} />;
}

/** Whether two sets of properties hold the same values. */
function isSame<Props extends object>(one: Props, other: Props): boolean {
  const keys = Object.keys(other) as (keyof Props)[];
  return keys.length === Object.keys(one).length && keys.every((key) => Object.is(one[key], other[key]));
}
