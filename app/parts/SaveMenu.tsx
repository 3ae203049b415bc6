import {captioned, savePng, saveSvg} from "../plot/savedPicture.ts";
import {saveCsv} from "../plot/csv.ts";
import {notify} from "../state/store.ts";
import {usePalette} from "../state/useTheme.ts";
import {Icon} from "./Icon.tsx";
import {Menu} from "./Menu.tsx";

interface SaveMenuProps {
  /** Beginning of the file's name. */
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly pictures: () => readonly SVGSVGElement[];
  readonly beside?: boolean;
  /** The numbers behind the picture. */
  readonly csv: () => string;
}

/** Saves a plot as SVG or PNG, or its numbers as CSV. */
export function SaveMenu({name, title, note, pictures, beside, csv}: SaveMenuProps) {
  const palette = usePalette();
  const sheet = (): SVGSVGElement => captioned(pictures(), {title, note, palette}, {beside});
  return (
    <Menu
      className="icon quiet"
      label={`Save: ${title}`}
      title="Save as SVG, PNG or CSV"
      menuLabel="Save as"
      items={[
        {text: "SVG picture", run: () => saveSvg(name, sheet())},
        {text: "PNG picture", run: () => void savePng(name, sheet()).catch((error: Error) => notify(error.message))},
        {text: "CSV numbers", run: () => saveCsv(name, csv())}
      ]}
    >
      <Icon name="save" />
    </Menu>
  );
}
