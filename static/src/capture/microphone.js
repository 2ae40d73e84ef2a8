// Sound from the microphone, in pieces, as the browser's own recorder makes them. One piece after the other makes one file.

const KINDS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']
const MUTED_MS = 3000

const refuse = (code, cause) => { throw Object.assign(new Error(code, { cause }), { code }) }
const kind = () => KINDS.find((each) => MediaRecorder.isTypeSupported(each))

export const able = () => Boolean(globalThis.MediaRecorder && navigator.mediaDevices?.getUserMedia && kind())

/** → {stream, close()}; `gone()` when the phone takes the microphone away. Throws {code: "sound.denied" | "sound.none"}. */
export async function open(gone) {
  if (!able()) refuse('sound.none')
  let stream
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true })
  } catch (error) {
    refuse(['NotAllowedError', 'SecurityError'].includes(error.name) ? 'sound.denied' : 'sound.none', error)
  }
  const [track] = stream.getAudioTracks()
  let timer
  track.onended = gone
  track.onmute = () => { timer = setTimeout(gone, MUTED_MS) } // a call comes in: iOS gives silence
  track.onunmute = () => clearTimeout(timer)
  return { stream, close: () => { clearTimeout(timer); track.onended = null; track.stop() } }
}

/** Records into `piece(blob)`, one every `slice_ms`. → {mime, stop()}: resolves when the last piece was given. */
export function record(stream, { slice_ms, bits_per_second }, piece) {
  const recorder = new MediaRecorder(stream, { mimeType: kind(), audioBitsPerSecond: bits_per_second })
  recorder.ondataavailable = ({ data }) => { if (data.size) piece(data) }
  const stopped = new Promise((resolve) => { recorder.onstop = resolve })
  recorder.start(slice_ms)
  return {
    mime: kind().split(';')[0],
    stop: () => {
      if (recorder.state !== 'inactive') recorder.stop()
      return stopped
    },
  }
}
