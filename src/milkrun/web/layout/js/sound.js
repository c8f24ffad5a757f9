// Two pitches, a vibration and a spoken word for the answer to a scan or a form.
let context;

function tone(frequency, start, length, shape) {
  const swing = context.createOscillator();
  const volume = context.createGain();
  swing.type = shape;
  swing.frequency.value = frequency;
  volume.gain.setValueAtTime(0.18, context.currentTime + start);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + start + length);
  swing.connect(volume).connect(context.destination);
  swing.start(context.currentTime + start);
  swing.stop(context.currentTime + start + length);
}

/** Sound "right" (one high tone) or "wrong" (two low ones); silent where the browser does not allow it yet. */
export function sound(kind) {
  try {
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume();
    if (kind === "wrong") {
      tone(196, 0, 0.22, "square");
      tone(147, 0.24, 0.4, "square");
      navigator.vibrate?.([200, 80, 200]);
    } else {
      tone(988, 0, 0.14, "sine");
      navigator.vibrate?.(40);
    }
  } catch {
    // No sound device: the word and the colour are there.
  }
}

/** Let what the page answers be heard; on pages with a scan field also the good news. */
export function feedback(root) {
  const wrong = root.querySelector("[data-sound=wrong]");
  const scanning = root.querySelector("[data-scan]");
  if (wrong) {
    sound("wrong");
    if (!scanning) wrong.focus();
  } else if (scanning && root.querySelector("[data-sound=right]")) {
    sound("right");
  }
}

/** Say a sentence to people who listen to the page. */
export function say(text) {
  const place = document.getElementById("spoken");
  if (place) place.textContent = text;
}
