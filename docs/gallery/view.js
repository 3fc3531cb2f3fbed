// One picture of /world.glb by three.js: light and air come from /shot.json, the result goes to /picture. Draws nothing of
// its own but the sky and the sea beyond the world's edges: what else is seen is in the file.

import * as THREE from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { EffectComposer } from "three/addons/postprocessing/EffectComposer.js";
import { GTAOPass } from "three/addons/postprocessing/GTAOPass.js";
import { OutputPass } from "three/addons/postprocessing/OutputPass.js";
import { RenderPass } from "three/addons/postprocessing/RenderPass.js";
import { UnrealBloomPass } from "three/addons/postprocessing/UnrealBloomPass.js";

const LIGHTS = 10; // As many lamps as a software renderer bears: those nearest to what one looks at.

const SKY = `
  uniform vec3 zenith, horizon, glow, sun;
  uniform float stars;
  varying vec3 direction;
  float grain(vec3 at) { return fract(sin(dot(at, vec3(12.9898, 78.233, 37.719))) * 43758.5453); }
  float smoothGrain(vec2 at) {
    vec2 cell = floor(at), part = fract(at);
    part = part * part * (3.0 - 2.0 * part);
    float a = grain(vec3(cell, 1.0)), b = grain(vec3(cell + vec2(1, 0), 1.0));
    float c = grain(vec3(cell + vec2(0, 1), 1.0)), d = grain(vec3(cell + vec2(1, 1), 1.0));
    return mix(mix(a, b, part.x), mix(c, d, part.x), part.y);
  }
  void main() {
    vec3 at = normalize(direction);
    float up = max(at.y, 0.0);
    float near = max(dot(at, sun), 0.0);
    vec3 colour = mix(horizon, zenith, pow(up, 0.42));
    colour += glow * (pow(near, 6.0) * 0.35 + pow(near, 64.0) * 0.5) * (1.0 - up * 0.6);
    colour += glow * smoothstep(0.9993, 0.9997, near) * 6.0;
    vec2 veil = at.xz / (up + 0.12) * vec2(1.1, 2.4);
    float cloud = 0.0, weight = 0.5;
    for (int i = 0; i < 5; i++) { cloud += weight * smoothGrain(veil); veil = veil * 2.03 + 7.1; weight *= 0.5; }
    cloud = smoothstep(0.48, 0.85, cloud) * smoothstep(0.02, 0.2, up);
    colour = mix(colour, horizon * 1.1 + glow * 0.5 * near, cloud * (0.75 - 0.6 * step(0.01, stars)));
    float star = step(0.9982, grain(floor(at * 220.0)));
    colour += stars * star * up * vec3(0.8, 0.85, 1.0);
    gl_FragColor = vec4(colour, 1.0);
  }`;

function sky(shot) {
  const material = new THREE.ShaderMaterial({
    side: THREE.BackSide,
    depthWrite: false,
    fog: false,
    uniforms: {
      zenith: { value: new THREE.Color(...shot.zenith) },
      horizon: { value: new THREE.Color(...shot.horizon) },
      glow: { value: new THREE.Color(...shot.glow) },
      sun: { value: new THREE.Vector3(...shot.sun).normalize() },
      stars: { value: shot.stars },
    },
    vertexShader: `varying vec3 direction;
      void main() { direction = position; gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`,
    fragmentShader: SKY,
  });
  return new THREE.Mesh(new THREE.SphereGeometry(4000, 48, 24), material);
}

function sunlight(shot, target) {
  const light = new THREE.DirectionalLight(new THREE.Color(...shot.sunlight), shot.strength);
  const reach = shot.reach;
  light.position.copy(target).addScaledVector(new THREE.Vector3(...shot.sun).normalize(), 400);
  light.target.position.copy(target);
  light.castShadow = true;
  light.shadow.mapSize.set(4096, 4096);
  light.shadow.bias = -0.0004;
  light.shadow.normalBias = 0.12;
  Object.assign(light.shadow.camera, { left: -reach, right: reach, top: reach, bottom: -reach, near: 1, far: 1200 });
  return light;
}

/** Open water from the world's edges to the horizon. */
function beyond(world) {
  const box = new THREE.Box3().setFromObject(world), far = 4500;
  const frame = new THREE.Shape();
  frame.setFromPoints([[-far, -far], [far, -far], [far, far], [-far, far]].map(([x, z]) => new THREE.Vector2(x, z)));
  const { min, max } = box;
  const hole = [[min.x, min.z], [min.x, max.z], [max.x, max.z], [max.x, min.z]];
  frame.holes.push(new THREE.Path(hole.map(([x, z]) => new THREE.Vector2(x, z))));
  const sea = world.getObjectByName("sea");
  const look = sea ? sea.material.clone() : new THREE.MeshStandardMaterial({ roughness: 0.1 });
  Object.assign(look, { vertexColors: false, transparent: false, side: THREE.DoubleSide });
  look.color.setRGB(0.016, 0.107, 0.246);
  if (look.normalMap) {
    look.normalMap = look.normalMap.clone();
    look.normalMap.repeat.set(1 / 14, 1 / 14); // the tile's metres, as in the file
  }
  const water = new THREE.Mesh(new THREE.ShapeGeometry(frame), look);
  water.rotation.x = Math.PI / 2;
  water.position.y = -0.02;
  return water;
}

/** Switches the lamps of the file: by day all off, by night those near enough to matter. */
function lamps(world, shot, target) {
  const lights = world.getObjectByName("lights");
  if (lights) lights.visible = shot.night;
  const found = [];
  const seen = new Set();
  world.traverse((node) => {
    if (node.isPointLight) found.push(node);
    for (const material of node.isMesh ? [node.material].flat() : []) {
      if (!seen.has(material) && !material.name.startsWith("forge")) material.emissiveIntensity *= shot.lamps;
      seen.add(material);
    }
  });
  const away = (lamp) => lamp.getWorldPosition(new THREE.Vector3()).distanceTo(target);
  found.sort((one, other) => away(one) - away(other));
  found.forEach((lamp, number) => {
    lamp.visible = shot.lamps > 0.5 && number < LIGHTS;
    lamp.castShadow = false;
    lamp.intensity *= shot.lampgain ?? 1;
  });
}

async function main() {
  const shot = await (await fetch("/shot.json")).json();
  const [width, height] = shot.size;
  const renderer = new THREE.WebGLRenderer({ antialias: false, preserveDrawingBuffer: true });
  renderer.setPixelRatio(shot.sharp);
  renderer.setSize(width, height);
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = THREE.PCFShadowMap;
  renderer.toneMapping = THREE.ACESFilmicToneMapping;
  renderer.toneMappingExposure = shot.exposure;
  document.body.append(renderer.domElement);

  const scene = new THREE.Scene();
  const camera = new THREE.PerspectiveCamera(shot.view, width / height, 0.5, 6000);
  camera.position.set(...shot.eye);
  const target = new THREE.Vector3(...shot.target);
  camera.lookAt(target);

  const dome = sky(shot);
  const heaven = new THREE.Scene();
  heaven.add(dome.clone());
  scene.environment = new THREE.PMREMGenerator(renderer).fromScene(heaven, 0, 0.1, 5000).texture;
  scene.environmentIntensity = shot.sky;
  dome.position.copy(camera.position);
  scene.add(dome);
  scene.fog = new THREE.FogExp2(new THREE.Color(...shot.fog), shot.haze);

  const { scene: world } = await new GLTFLoader().loadAsync("/world.glb");
  world.traverse((node) => {
    if (!node.isMesh) return;
    const clear = [node.material].flat().some((material) => material.transparent);
    node.castShadow = !clear;
    node.receiveShadow = true;
    for (const material of [node.material].flat()) {
      for (const key of ["map", "normalMap"]) if (material[key]) material[key].anisotropy = 4;
    }
  });
  lamps(world, shot, target);
  scene.add(world, beyond(world));
  const sun = sunlight(shot, target);
  scene.add(sun, sun.target);

  const image = new THREE.WebGLRenderTarget(width * shot.sharp, height * shot.sharp, {
    type: THREE.HalfFloatType,
    samples: 4,
  });
  const composer = new EffectComposer(renderer, image);
  composer.addPass(new RenderPass(scene, camera));
  if (shot.shade) {
    const shade = new GTAOPass(scene, camera, width * shot.sharp, height * shot.sharp);
    shade.updateGtaoMaterial({ radius: 1.6, distanceExponent: 1.2, thickness: 2, scale: 1.1, samples: 12 });
    shade.blendIntensity = 0.85;
    composer.addPass(shade);
  }
  if (shot.bloom) composer.addPass(new UnrealBloomPass(new THREE.Vector2(width, height), shot.bloom, 0.5, 0.9));
  composer.addPass(new OutputPass());
  composer.render();
  const picture = await new Promise((done) => renderer.domElement.toBlob(done, "image/png"));
  await fetch("/picture", { method: "POST", body: picture });
}

window.addEventListener("unhandledrejection", (event) => report(event.reason));
const report = (reason) => fetch("/failed", { method: "POST", body: String(reason?.stack ?? reason) });
main().catch(report);
