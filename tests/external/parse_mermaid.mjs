// Parses Mermaid diagrams with Mermaid's own parser. Usage: node parse_mermaid.mjs MODULES FILE...; prints JSON.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const load = async (path) => (await import(pathToFileURL(`${modules}/${path}`).href)).default;

const purify = await load("dompurify/dist/purify.es.mjs");
const mermaid = await load("mermaid/dist/mermaid.core.mjs");
// Nothing is rendered here, so nothing needs a page to be made harmless in; Mermaid asks for it all the same.
Object.assign(purify, { addHook: () => {}, sanitize: (text) => text });

const found = [];
for (const file of files) {
  try {
    const text = await readFile(file, "utf8");
    await mermaid.parse(text);
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    const nodes = Object.fromEntries([...diagram.db.getVertices()].map(([id, node]) => [id, node.text]));
    found.push({ type: diagram.type, nodes, edges: diagram.db.getEdges().map(({ start, end }) => [start, end]) });
  } catch (error) {
    found.push({ error: String(error) });
  }
}
console.log(JSON.stringify(found));
