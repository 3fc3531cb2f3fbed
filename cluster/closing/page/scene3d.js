// Draws a world in three dimensions with people, sun and lamps by the hour. Knows not where world and hours come from.
//
// `player`, or null for a world without people: {time, followed, people: [{hue}], colours, places, frame: {x, y, side},
// ways: {place(who, time, out, at)}, follow(who), watch(watcher)}, lengths in decimetres, times in seconds.

const ON_GROUND = 0.1; // decimetres to metres
const MOST_BODIES = 400;

export function drawable() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2"));
}

// The world of a GLB's bytes.
export async function parsed(THREE, bytes) {
  const loader = new THREE.GLTFLoader();
  // Pictures by elements: the loader's other way fetches, and a page's policy lets nothing be fetched.
  loader.register((parser) => {
    parser.textureLoader = new THREE.TextureLoader(parser.options.manager);
    return { name: "pictures" };
  });
  return (await loader.parseAsync(bytes, "")).scene;
}

// Returns {replace(world), stop()}: another state of the same world, and an end to drawing.
export function show(THREE, world, root, part, player) {
  const canvas = part("canvas");
  const renderer = new THREE.WebGLRenderer({ canvas, antialias: true });
  renderer.toneMapping = THREE.ACESFilmicToneMapping;
  const scene = new THREE.Scene();
  scene.add(world);
  const box = new THREE.Box3().setFromObject(world), size = box.getSize(new THREE.Vector3()).length();
  scene.add(sea(THREE, box, size));
  const camera = new THREE.PerspectiveCamera(45, 1, 0.5, size * 2);
  const controls = new THREE.OrbitControls(camera, canvas);
  Object.assign(controls, { maxPolarAngle: 1.5, minDistance: 4, maxDistance: size * 0.6, enableDamping: true });
  const light = daylight(THREE, scene, size);
  const crowd = player && bodies(THREE, scene, player);
  const home = centre(player, box);
  let wanted = false, walking = 0, lamps = lamplight(world);

  function overview() {
    controls.target.set(home.x, home.y, home.z);
    camera.position.set(home.x + home.reach * 0.75, home.y + home.reach * 0.7, home.z + home.reach * 0.95);
    follow.checked = false;
    ask();
  }
  function ask() {
    if (wanted) return;
    wanted = true;
    requestAnimationFrame(draw);
  }
  function draw() {
    wanted = false;
    const time = player ? player.time : 43200;
    light(time, renderer);
    lamps(time);
    if (crowd) crowd(time);
    if (follow.checked && player && player.followed >= 0) {
      const at = player.places.subarray(3 * player.followed, 3 * player.followed + 3);
      const to = new THREE.Vector3(at[0] * ON_GROUND, at[2] * ON_GROUND + 1.5, at[1] * ON_GROUND);
      const step = to.clone().sub(controls.target);
      controls.target.add(step);
      camera.position.add(step);
    }
    if (controls.update() || --walking > 0) ask();
    renderer.render(scene, camera);
    canvas.dataset.drawn = String(Number(canvas.dataset.drawn || 0) + 1);
  }
  function fit() {
    const wide = canvas.clientWidth, tall = canvas.clientHeight;
    renderer.setPixelRatio(Math.min(2, devicePixelRatio || 1));
    renderer.setSize(wide, tall, false);
    camera.aspect = wide / Math.max(1, tall);
    camera.updateProjectionMatrix();
    ask();
  }
  function turn(across, up, nearer) {
    const arm = camera.position.clone().sub(controls.target);
    const length = arm.length() * nearer;
    const flat = Math.atan2(arm.x, arm.z) + across;
    const rise = Math.min(1.5, Math.max(0.05, Math.asin(arm.y / arm.length()) + up));
    arm.set(Math.sin(flat) * Math.cos(rise), Math.sin(rise), Math.cos(flat) * Math.cos(rise)).multiplyScalar(length);
    camera.position.copy(controls.target).add(arm);
    ask();
  }

  const follow = part("go-along");
  follow.addEventListener("change", () => {
    if (follow.checked && player && player.followed < 0) player.follow(0);
    if (follow.checked) turn(0, 0, Math.min(1, 45 / camera.position.distanceTo(controls.target)));
    ask();
  });
  part("overview").addEventListener("click", overview);
  part("turn-left").addEventListener("click", () => turn(-0.3, 0, 1));
  part("turn-right").addEventListener("click", () => turn(0.3, 0, 1));
  part("nearer").addEventListener("click", () => turn(0, 0, 0.75));
  part("farther").addEventListener("click", () => turn(0, 0, 1.33));
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-0.12, 0, 1], ArrowRight: [0.12, 0, 1], ArrowUp: [0, 0.08, 1], ArrowDown: [0, -0.08, 1], "+": [0, 0, 0.9], "-": [0, 0, 1.1] }[event.key];
    if (!move) return;
    event.preventDefault();
    turn(...move);
  });
  controls.addEventListener("change", ask);
  controls.addEventListener("start", () => (walking = 20));
  if (player) player.watch(() => near(canvas) && ask());
  const sized = new ResizeObserver(fit);
  sized.observe(canvas);
  root.hidden = false;
  overview();
  fit();
  return {
    replace(after) {
      scene.remove(world);
      forget(world);
      scene.add((world = after));
      lamps = lamplight(world);
      ask();
    },
    stop() {
      sized.disconnect();
      wanted = true; // nothing is drawn any more
      controls.dispose();
      forget(scene);
      renderer.dispose();
    },
  };
}

// Gives back what a world holds on the graphics card.
function forget(tree) {
  tree.traverse((node) => {
    if (node.geometry) node.geometry.dispose();
    for (const material of [node.material].flat()) {
      if (!material) continue;
      for (const value of Object.values(material)) if (value && value.isTexture) value.dispose();
      material.dispose();
    }
  });
}

function near(canvas) {
  const box = canvas.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}

// Water around the world, so that it does not end at an edge; under its own sea.
function sea(THREE, box, size) {
  const water = new THREE.Mesh(new THREE.CircleGeometry(size * 2, 48), new THREE.MeshStandardMaterial({ color: 0x12517f, roughness: 0.6 }));
  water.rotation.x = -Math.PI / 2;
  water.position.set((box.min.x + box.max.x) / 2, -2.5, (box.min.z + box.max.z) / 2);
  return water;
}

// Where to look first: the middle of everybody's places, else of the world; `reach` in metres.
function centre(player, box) {
  if (!player) {
    const x = (box.min.x + box.max.x) / 2, z = (box.min.z + box.max.z) / 2;
    return { x, y: 0, z, reach: (box.max.x - box.min.x) / 3 };
  }
  const { frame } = player, reach = frame.side * ON_GROUND * 0.42;
  return { x: (frame.x + frame.side / 2) * ON_GROUND, y: 2, z: (frame.y + frame.side / 2) * ON_GROUND, reach };
}

// Sun, sky and night by the time of day; returns a function that sets them.
function daylight(THREE, scene, size) {
  const sun = new THREE.DirectionalLight(0xfff2dc, 2.4), sky = new THREE.HemisphereLight(0xcfe3f5, 0x8c7f60, 1.1);
  scene.add(sun, sky);
  const day = new THREE.Color(0xbfd9ea), dusk = new THREE.Color(0xe8b48a), night = new THREE.Color(0x0d1630);
  scene.background = new THREE.Color();
  scene.fog = new THREE.Fog(0xffffff, size * 0.22, size * 0.75);
  return (time) => {
    const hour = (time % 86400) / 3600, height = Math.sin(((hour - 5.5) / 15.5) * Math.PI);
    const up = Math.min(1, Math.max(0, height * 2.2 + 0.1)), glow = Math.max(0, 1 - Math.abs(height) * 4);
    scene.background.copy(night).lerp(day, up).lerp(dusk, glow * 0.55);
    scene.fog.color.copy(scene.background);
    const round = ((hour - 13) / 12) * Math.PI;
    sun.position.set(-Math.sin(round) * 100, Math.max(18, height * 90), 60);
    sun.intensity = 0.25 + 2.3 * up;
    sun.color.set(up > 0.05 ? 0xfff0d8 : 0x9db4ff).lerp(dusk, glow * 0.5);
    sky.intensity = 0.35 + 1.0 * up;
  };
}

// What shines by night hangs under the world's node `lights`: windows and lanterns glow; point lights would cost too much.
function lamplight(world) {
  const lights = world.getObjectByName("lights");
  if (lights) lights.traverse((node) => node.isLight && (node.visible = false));
  return (time) => {
    const hour = (time % 86400) / 3600;
    if (lights) lights.visible = hour < 6 || hour > 19.5;
  };
}

// Everybody as a small figure in their colour; returns a function that puts them where they are at a second.
function bodies(THREE, scene, player) {
  const count = Math.min(MOST_BODIES, player.people.length);
  const mesh = new THREE.InstancedMesh(new THREE.CapsuleGeometry(0.55, 1.5, 4, 10), new THREE.MeshStandardMaterial({ roughness: 0.7 }), count);
  mesh.frustumCulled = false;
  const colour = new THREE.Color(), at = new THREE.Matrix4(), places = new Float64Array(3);
  for (let who = 0; who < count; who++) mesh.setColorAt(who, colour.set(player.colours[player.people[who].hue]));
  scene.add(mesh);
  return (time) => {
    for (let who = 0; who < count; who++) {
      player.ways.place(who, time, places, 0);
      const tall = who === player.followed ? 1.6 : 1;
      at.makeScale(tall, tall, tall);
      at.setPosition(places[0] * ON_GROUND, places[2] * ON_GROUND + 1.3 * tall, places[1] * ON_GROUND);
      mesh.setMatrixAt(who, at);
    }
    mesh.instanceMatrix.needsUpdate = true;
  };
}
