// The camera as second scanner: the browser's own reader where it has one, else the one that comes with Milkrun.
import { script as ours } from "../layout/html.js";

const FORMATS = ["code_128", "qr_code", "data_matrix", "ean_13", "pdf417", "code_39"];
const EVERY_MS = 150;

async function own() {
  const known = await globalThis.BarcodeDetector?.getSupportedFormats?.();
  const formats = FORMATS.filter((format) => known?.includes(format));
  if (!formats.length) return null;
  const detector = new BarcodeDetector({ formats });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
}

function library(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = ours(address);
    script.onload = () => resolve(globalThis.ZXingWASM);
    script.onerror = reject;
    document.head.append(script);
  });
}

async function shipped(door) {
  const reader = await library(door.reader);
  reader.prepareZXingModule({ overrides: { locateFile: () => door.wasm } });
  const canvas = new OffscreenCanvas(1, 1);
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    paper.drawImage(video, 0, 0);
    const found = await reader.readBarcodes(paper.getImageData(0, 0, canvas.width, canvas.height), { maxNumberOfSymbols: 1 });
    return found[0]?.text ?? "";
  };
}

async function look(read, video) {
  while (video.srcObject) {
    const code = video.videoWidth ? await read(video) : "";
    if (code) return code;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  return "";
}

/** Open the camera, hand the first code that is seen to `scanned`, close it again; `failed` where there is none. */
export async function openCamera(door, by, scanned, failed) {
  const video = by("video");
  const close = () => {
    video.srcObject?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    by("view").hidden = true;
  };
  by("close").onclick = close;
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    by("view").hidden = false;
    await video.play();
    const code = await look((await own()) ?? (await shipped(door)), video);
    close();
    if (code) scanned(code);
  } catch {
    close();
    failed();
  }
}
