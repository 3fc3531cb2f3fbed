// Portraits that stand once on the page, given to whatever else shows people: drawings, map, panels. Loads nothing.

export function faceOf(id) {
  return document.querySelector(`#${CSS.escape(id)} .face img`);
}

// Fill every `<image data-face="agent-3">` of the drawings with the portrait of the cast; initials stay where none is.
export function spreadFaces(root = document) {
  for (const image of root.querySelectorAll("[data-face]")) {
    const face = faceOf(image.dataset.face);
    if (!face) continue;
    image.setAttribute(image.tagName === "IMG" ? "src" : "href", face.src);
    image.classList.add("there");
  }
}

// A round picture of somebody for a canvas, or null until there is one.
export function roundFace(id, side) {
  const face = faceOf(id);
  if (!face) return null;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const source = new Image();
  source.onload = () => {
    const pen = canvas.getContext("2d");
    pen.beginPath();
    pen.arc(side / 2, side / 2, side / 2, 0, 7);
    pen.clip();
    pen.drawImage(source, 0, 0, side, side);
    canvas.dataset.ready = "1";
  };
  source.src = face.src;
  return canvas;
}
