import {useEffect, useSyncExternalStore} from "react";
import {darkPalette, lightPalette, type Palette} from "../plot/palette.ts";
import {useStore} from "./store.ts";

/** Whether the page is dark: by the reader's choice, else by the system's; never on paper. */
export function useDark(): boolean {
  const theme = useStore((state) => state.theme);
  const systemDark = useMatches(darkQuery);
  const printed = useMatches(printQuery);
  return !printed && (theme === "system" ? systemDark : theme === "dark");
}

interface WatchedQuery {
  readonly matches: () => boolean;
  readonly watch: (changed: () => void) => () => void;
}

/** What a media query says, as React reads it. */
function watched(text: string): WatchedQuery {
  const query = matchMedia(text);
  return {
    matches: () => query.matches,
    watch(changed) {
      query.addEventListener("change", changed);
      return () => query.removeEventListener("change", changed);
    }
  };
}

const darkQuery = watched("(prefers-color-scheme: dark)");
const printQuery = watched("print");

const useMatches = ({matches, watch}: WatchedQuery): boolean => useSyncExternalStore(watch, matches);

/** The colours that plots draw with. */
export const usePalette = (): Palette => (useDark() ? darkPalette : lightPalette);

/** Puts the theme on the document, where the style sheets read it. */
export function useThemeOnDocument(): void {
  const dark = useDark();
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }, [dark]);
}
