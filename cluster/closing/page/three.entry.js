export { Color, DirectionalLight, Fog, HemisphereLight, Box3, Vector3, PerspectiveCamera, Scene, WebGLRenderer, InstancedMesh, Matrix4, CapsuleGeometry, MeshStandardMaterial, ACESFilmicToneMapping, TextureLoader, Mesh, CircleGeometry } from "three";
export { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
export { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
