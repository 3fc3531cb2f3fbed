// Unpacks what packing.py packs: columns of integers, as zigzag varints of differences in base64. Knows no meaning.

export function unpack(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  let at = 0;
  function next() {
    let value = 0, scale = 1, byte;
    do {
      byte = bytes[at++];
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte & 128);
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }
  const columns = [];
  while (at < bytes.length) {
    const column = new Int32Array(next());
    for (let i = 0, sum = 0; i < column.length; i++) column[i] = sum += next();
    columns.push(column);
  }
  return columns;
}
