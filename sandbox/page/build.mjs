// Builds the page: one script and one style sheet, beside index.html and the icon.
// The folder to write is an argument, so that CI can compare a fresh build with dist/.
import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.argv[2] ?? `${here}dist`;

await mkdir(out, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: ["src/app.js", "src/app.css"],
  outdir: out,
  bundle: true,
  minify: true,
  lineLimit: 160,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "inline",
  banner: { js: "// Built from src/ by `make page`.", css: "/* Built from src/ by `make page`. */" },
});
for (const file of ["index.html", "icon.svg"]) {
  await copyFile(`${here}src/${file}`, `${out}/${file}`);
}
