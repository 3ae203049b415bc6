import {fileURLToPath} from "node:url";
import react from "@vitejs/plugin-react";
import {defineConfig} from "vite";

/** `vite build app` makes app/dist, which the server serves; `vite app` develops against a server on 4040. */
export default defineConfig({
  plugins: [react()],
  base: "./",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 1200,
    manifest: "manifest.json", // which files a gallery takes along
    rolldownOptions: {input: ["index.html", "gallery.html"].map((name) => fileURLToPath(new URL(name, import.meta.url)))}
  },
  server: {proxy: {"/api": {target: process.env.ORRERY_SERVER ?? "http://127.0.0.1:4040", changeOrigin: true}}}
});
