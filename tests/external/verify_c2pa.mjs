// Says what two foreign C2PA verifiers find of files: c2pa-ts (another code base) and c2pa-node (c2pa-rs, older).
// Usage: node verify_c2pa.mjs MODULES LIST.json; the list holds {name, type, file, sidecar, anchors}; prints JSON.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [modules, list] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(`${modules}/${path}`).href);

const { BMFF, JPEG, MP3, PNG } = await load("@trustnxt/c2pa-ts/dist/asset/index.js");
const { SuperBox } = await load("@trustnxt/c2pa-ts/dist/jumbf/index.js");
const { ManifestStore } = await load("@trustnxt/c2pa-ts/dist/manifest/index.js");
const { Reader, createTrustSettings, settingsToJson } = await load("@contentauth/c2pa-node/dist/index.js");

async function byTs(data) {
  const Kind = [JPEG, PNG, BMFF, MP3].find((each) => each?.canRead(data));
  if (!Kind) return { state: "not read" };
  try {
    const asset = new Kind(data);
    const store = ManifestStore.read(SuperBox.fromBuffer(asset.getManifestJUMBF()));
    const result = await store.validate(asset);
    return { state: result.isValid ? "valid" : "invalid", codes: result.statusEntries.filter((e) => !e.success).map((e) => e.code) };
  } catch (error) {
    return { state: "invalid", codes: [String(error).slice(0, 200)] };
  }
}

async function byNode({ type, sidecar, anchors }, data) {
  const settings = { trust: { trust_anchors: anchors }, verify: { verify_trust: true } };
  const asset = { buffer: data, mimeType: type };
  try {
    const reader = sidecar
      ? await Reader.fromManifestDataAndAsset(await readFile(sidecar), asset, settings)
      : await Reader.fromAsset(asset, settings);
    const told = reader.json();
    const codes = told.validation_results?.activeManifest?.failure?.map((each) => each.code) ?? [];
    return { state: told.validation_state, codes };
  } catch (error) {
    return { state: /type is unsupported|NotSupported|unsupported/i.test(String(error)) ? "not read" : "Invalid", codes: [String(error).slice(0, 200)] };
  }
}

const found = {};
for (const each of JSON.parse(await readFile(list, "utf8"))) {
  const data = await readFile(each.file);
  found[each.name] = { ts: each.sidecar ? { state: "not read" } : await byTs(data), node: await byNode(each, data) };
}
console.log(JSON.stringify(found));
