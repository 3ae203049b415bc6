import {useEffect} from "react";
import {showDialog, useStore} from "../state/store.ts";

/** Files and folders dropped anywhere on the page are offered to be opened. */
export function useDrop(): void {
  useEffect(() => {
    const allow = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      const found = [...event.dataTransfer.items].map((item) => {
        const entry = item.webkitGetAsEntry(); // none of what comes from another page or a mail
        return entry ? filesOf(entry) : [item.getAsFile()].filter((file) => file !== null);
      });
      void Promise.all(found).then((files) => {
        useStore.setState({incoming: files.flat()});
        showDialog("open");
      });
    };
    addEventListener("dragover", allow);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", allow);
      removeEventListener("drop", drop);
    };
  }, []);
}

/** A file, or the files of a folder; what lies deeper is no trace's. */
async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.filter(({isFile}) => isFile).map(filesOf))).flat();
}
