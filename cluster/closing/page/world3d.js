// The world in three dimensions, once somebody asks for it: unpacks the viewer and the world. Drawing is scene3d.js.

import { drawable, parsed, show } from "./scene3d.js";

export function world3d(root, player) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const button = part("enter"), note = part("note");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    note.textContent = "Unpacking …";
    try {
      await new Promise((done) => setTimeout(done, 30)); // the words above are drawn first
      if (!drawable()) throw new Error("this browser draws no WebGL here");
      const THREE = await viewer();
      show(THREE, await parsed(THREE, await unpacked("world-file")), root, part, player);
      root.classList.add("entered");
      note.textContent = "";
      part("canvas").focus();
    } catch (error) {
      button.disabled = false;
      note.textContent = `Not in three dimensions: ${error.message}. The picture stays, and any viewer of glTF opens world/world.glb.`;
    }
  });
}

async function unpacked(id) {
  const packed = Uint8Array.from(atob(document.getElementById(id).textContent.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

// The viewer's library runs as a script of its own whose digest the page's policy names.
async function viewer() {
  if (!window.THREE) {
    const script = document.createElement("script");
    script.textContent = new TextDecoder().decode(await unpacked("viewer-file"));
    document.head.append(script);
  }
  if (!window.THREE) throw new Error("the viewer's library did not start");
  return window.THREE;
}

