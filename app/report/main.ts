/** The script inside every report. The server calls `drawStills` and `styleSheet` while it makes the report, the browser `start`. */
export {drawStills} from "./drawStills.ts";
export {styleSheet} from "./styleColours.ts";
export {start} from "./start.ts";
