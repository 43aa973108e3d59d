/**
 * The clock of the measured documents: a script that runs in each of them before its own.
 *
 * A frame counts as painted with the first task behind it: a message that is posted within a frame arrives once its
 * style, layout and paint are done. Times are those of the browser's own events, and begin with the navigation.
 *
 * @module
 */

/** Time for something to be painted, ms. */
const PAINTED_MS = 20_000;

/**
 * Makes `clock`: `usableMs`, the time from the navigation to the first frame in which the document is usable;
 * `openedMs`, the time from the click that `watchClick` awaits to the first frame that shows its outcome; and `keysMs`,
 * the times from each key to the next frame behind its input.
 *
 * @param isUsable expression of the document that is true once it is usable
 */
export function clockScript(isUsable: string): string {
  return `globalThis.clock = (() => {
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve(performance.now());
      };
      port2.postMessage(null);
    }));
    const paintedWith = async (isShown) => {
      const untilMs = performance.now() + ${PAINTED_MS};
      for (let nowMs = 0; nowMs < untilMs;) {
        nowMs = await painted();
        if (isShown()) return nowMs;
      }
      throw new Error("not painted within ${PAINTED_MS} ms: " + isShown);
    };
    const clock = {
      usableMs: paintedWith(() => ${isUsable}),
      keysMs: [],
      watchClick: (isShown) => {
        clock.openedMs = new Promise((resolve) => addEventListener("click", async ({ timeStamp }) => {
          resolve(paintedWith(isShown).then((shownMs) => shownMs - timeStamp));
        }, { capture: true, once: true }));
      },
    };
    let keyMs = 0;
    addEventListener("keydown", ({ timeStamp }) => keyMs = timeStamp, { capture: true });
    addEventListener("input", async () => {
      const pressedMs = keyMs;
      clock.keysMs.push(await painted() - pressedMs);
    }, { capture: true });
    return clock;
  })()`;
}
