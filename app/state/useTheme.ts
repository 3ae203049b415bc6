import {useEffect, useSyncExternalStore} from "react";
import {darkPalette, lightPalette, type Palette} from "../plot/palette.ts";
import {useStore} from "./store.ts";

const darkQuery = matchMedia("(prefers-color-scheme: dark)");

function subscribe(changed: () => void): () => void {
  darkQuery.addEventListener("change", changed);
  return () => darkQuery.removeEventListener("change", changed);
}

/** Whether the page is dark: by the reader's choice, else by the system's. */
export function useDark(): boolean {
  const theme = useStore((state) => state.theme);
  const systemDark = useSyncExternalStore(subscribe, () => darkQuery.matches);
  return theme === "system" ? systemDark : theme === "dark";
}

/** The colours that plots draw with. */
export const usePalette = (): Palette => (useDark() ? darkPalette : lightPalette);

/** Puts the theme on the document, where the style sheets read it. */
export function useThemeOnDocument(): void {
  const dark = useDark();
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  }, [dark]);
}
