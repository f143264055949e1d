import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const HUB = process.env.EXEKRA_HUB ?? "http://127.0.0.1:4545";
const SHORTEST_COMPRESSED = 1024;
/** The component library's parts of forms and lists; what every page has at once is not among them. */
const CONTROLS =
  /@mantine\/core\/esm\/components\/(Input|InputBase|TextInput|Textarea|NumberInput|PasswordInput|Combobox|Select|MultiSelect|TagsInput|PillsInput|Pill|Checkbox|Switch|Modal|ModalBase|Menu|CopyButton)\//;

/** Writes a `.gz` and a `.br` beside each text file, so that the Hub never compresses while somebody waits. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    // Not earlier: until a file is written, Vite may still change it.
    writeBundle({ dir = "." }, bundle) {
      for (const name of Object.keys(bundle)) {
        const source = readFileSync(join(dir, name));
        if (!/\.(js|css|svg)$/.test(name) || source.length < SHORTEST_COMPRESSED) continue;
        writeFileSync(join(dir, `${name}.gz`), gzipSync(source, { level: 9 }));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 10 };
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(source, { params }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  build: {
    outDir: "../src/exekra/hub/web/pages/built",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 1600,
    reportCompressedSize: false,
    // The policy allows no `data:` fonts or scripts.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // Small files that most pages need travel together: a request costs more than some unused lines.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "icons", test: /icons-react\/dist\/esm\/icons\// },
            { name: "controls", test: CONTROLS },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": { target: HUB, changeOrigin: true } } },
  test: {
    environment: "node",
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
    // `make test` runs them beside all other tests: nothing is judged by how fast the machine is.
    testTimeout: 60_000,
  },
});
