import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The folder that embed.go puts into the binary. */
const outDir = process.env.WEIMEN_CONSOLE_OUT ?? 'dist/build';

/** The server that `vite` shows the console of while it is being developed. */
const server = process.env.WEIMEN_DEV ?? 'http://127.0.0.1:9000';

/**
 * Keeps each file of the build compressed and only so: the binary sends it as it is, and is smaller by the rest. The page itself stays plain, since the server writes
 * into it.
 */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const entry of readdirSync(outDir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || entry.name === 'index.html') continue;
        const file = join(entry.parentPath, entry.name);
        const raw = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        writeFileSync(`${file}.gz`, gzipSync(raw, { level: 9 }));
        rmSync(file);
      }
    },
  };
}

/**
 * Hides icons from screen readers. The library names each by its drawing, in English ("appstore", "caret-up"), beside the words that say the same in the reader's language.
 * One that is given a label, or that can be pressed, keeps its name.
 */
function quietIcons(): Plugin {
  const label = '"aria-label": icon.name';
  return {
    name: 'quiet-icons',
    enforce: 'pre',
    transform(code, id) {
      if (!/@ant-design\/icons\/es\/components\/AntdIcon(Light)?\.js/.test(id)) return undefined;
      if (!code.includes(label)) throw new Error(`${id} names its icons otherwise than before: look at quietIcons`);
      return code.replace(label, '...(restProps["aria-label"] || onClick || tabIndex !== undefined ? { "aria-label": icon.name } : { "aria-hidden": true })');
    },
  };
}

/**
 * Hides the two small arrows of a number's field from screen readers, which the library names in English: the field is a spin button, which the keyboard's arrows step
 * and the reader announces as one.
 */
function quietSteps(): Plugin {
  const label = `"aria-label": isUpAction ? 'Increase Value' : 'Decrease Value'`;
  return {
    name: 'quiet-steps',
    enforce: 'pre',
    transform(code, id) {
      if (!/@rc-component\/input-number\/es\/StepHandler\.js/.test(id)) return undefined;
      if (!code.includes(label)) throw new Error(`${id} names its steps otherwise than before: look at quietSteps`);
      return code.replace(label, '"aria-hidden": true');
    },
  };
}

export default defineConfig({
  base: '/if/admin/',
  plugins: [quietIcons(), quietSteps(), react(), compressed()],
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the content security policy knows no data: scripts or styles
    chunkSizeWarningLimit: 1500,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/flows', '/static', '/source', '/application', '/if/user', '/if/flow', '/link', '/media', '/-/'].map((path) => [path, { target: server, changeOrigin: true }]),
    ),
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['test/setup.ts'],
    testTimeout: 20_000,
    // The house has two cores, and Go's tests want one.
    maxWorkers: 2,
  },
});
