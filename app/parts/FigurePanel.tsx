import type {ReactNode} from "react";
import {MethodLink} from "./MethodLink.tsx";
import {SaveMenu} from "./SaveMenu.tsx";
import {PanelHead} from "./PanelHead.tsx";

interface FigurePanelProps {
  readonly title: string;
  /** What is shown and how it was made, below the picture. */
  readonly note: string;
  /** Said in the note's place for now: what the pointer reads off. */
  readonly read?: string;
  /** Beginning of a saved file's name. */
  readonly name: string;
  readonly pictures: () => readonly SVGSVGElement[];
  readonly csv: () => string;
  /** Title of the method, or name of the measure, that is shown. */
  readonly method?: string;
  readonly children: ReactNode;
}

/** A figure in a box: its title, what can be saved of it, itself, and what it shows. */
export function FigurePanel({title, note, read = note, name, pictures, csv, method, children}: FigurePanelProps) {
  return (
    <section className="panel-box" aria-label={title}>
      <PanelHead title={title}>
        <SaveMenu name={name} title={title} note={note} pictures={pictures} csv={csv} />
      </PanelHead>
      {children}
      <p className="figure-note">
        {read} {method !== undefined && <MethodLink of={method} />}
      </p>
    </section>
  );
}
