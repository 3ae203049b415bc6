import {Icon} from "../parts/Icon.tsx";
import {setTheme, showDialog} from "../state/store.ts";
import {useDark} from "../state/useTheme.ts";

/** What ends every header: light or dark, and the keys. */
export function HeaderTools() {
  const dark = useDark();
  const theme = dark ? "Light colours" : "Dark colours";
  return (
    <>
      <button type="button" className="quiet icon" onClick={() => setTheme(dark ? "light" : "dark")} aria-label={theme} title={theme}>
        <Icon name={dark ? "sun" : "moon"} />
      </button>
      <button
        type="button"
        className="quiet icon"
        onClick={() => showDialog("keys")}
        aria-label="Keys"
        title="Keys (?)"
        aria-keyshortcuts="?"
      >
        ?
      </button>
    </>
  );
}
