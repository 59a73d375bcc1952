// How the console is built: hashed names, nothing inlined into the page, heavy parts in files of their own.
// Never writes into the crate's dist folder; scripts/pack.mjs takes over only what changed.

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "node_modules/.built",
    emptyOutDir: true,
    target: "es2022",
    // The policy of the pages forbids what would be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        hashCharacters: "hex",
        entryFileNames: "assets/[name]-[hash:12].js",
        chunkFileNames: "assets/[name]-[hash:12].js",
        assetFileNames: "assets/[name]-[hash:12][extname]",
      },
    },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
