import {formatBytes} from "../plot/format.ts";
import {useSource} from "../source/sourceContext.ts";
import {Popover} from "../parts/Popover.tsx";

/** What a gallery holds of a run: its report, and every file to be taken along. */
export function KeptFiles({run}: {run: string}) {
  const {kept} = useSource();
  if (!kept) return null;
  const report = kept.report(run);
  return (
    <>
      {report !== undefined && (
        <a className="button" href={report} target="_blank" rel="noopener">
          Report
        </a>
      )}
      <Popover label="Files" title="The trace as it was captured, and what was worked out of it">
        <ul className="kept-files">
          {kept.files(run).map(({name, bytes, href}) => (
            <li key={name}>
              <a href={href} download={name}>
                {name}
              </a>{" "}
              <span className="note">{formatBytes(bytes)}</span>
            </li>
          ))}
        </ul>
      </Popover>
    </>
  );
}
