import {fileURLToPath} from "node:url";
import {defineConfig} from "vite";

/** `vite build app/report` makes app/report/dist/report.js: one script with all that is in it, which every report carries inside. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  publicDir: false,
  logLevel: "warn",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    lib: {entry: "main.ts", formats: ["iife"], name: "orreryReport", fileName: () => "report.js"}
  }
});
