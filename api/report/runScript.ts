import {createContext, runInContext} from "node:vm";
import {parseHTML} from "linkedom";
import {pixelCanvas} from "./pixelCanvas.ts";
import type {ReportData} from "../contract/reportData.ts";

/** A figure as SVG text; two texts where its colours differ between light and dark. */
export type Still = {readonly both: string} | {readonly light: string; readonly dark: string};

/** What the report's script gives to the server. */
interface ScriptAnswers {
  readonly stills: Readonly<Record<string, Still>>;
  readonly styleSheet: string;
}

interface Exports {
  drawStills(report: ReportData): Record<string, Still>;
  styleSheet(): string;
}

/** Runs the browser's own plot code over a report, on a document without a browser: its drawings are the report's still figures. */
export function runScript(code: string, report: ReportData): ScriptAnswers {
  const {document, window} = parseHTML("<!doctype html><html><body></body></html>");
  const createElement = document.createElement.bind(document);
  const createElementNS = document.createElementNS.bind(document);
  const prepared = <T extends {readonly localName: string}>(node: T): T =>
    node.localName === "canvas" ? Object.assign(node, pixelCanvas()) : node;
  Object.assign(document, {
    createElement: (name: string) => prepared(createElement(name)),
    createElementNS: (space: string, name: string) => prepared(createElementNS(space, name))
  });
  const context = createContext({
    document,
    window,
    atob,
    navigator: {maxTouchPoints: 0},
    devicePixelRatio: 1,
    requestAnimationFrame(draw: () => void) {
      draw(); // nobody waits for a screen
      return 0;
    },
    cancelAnimationFrame() {},
    setTimeout(act: () => void) {
      act();
      return 0;
    },
    clearTimeout() {}
  });
  runInContext(code, context, {filename: "report.js"});
  const exports = runInContext("orreryReport", context) as Exports;
  return {stills: {...exports.drawStills(report)}, styleSheet: exports.styleSheet()};
}
