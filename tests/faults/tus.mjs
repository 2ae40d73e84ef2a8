// An unmodified tus-js-client, told by its options alone: node tus.mjs < {url, file, options, stream, pause}
// → {location, offsets, error}. `pause`: bytes after which it is stopped and a second client goes on.
import { createReadStream, readFileSync } from 'node:fs'
import { Upload } from 'tus-js-client'

const { url, file, options, stream, pause } = JSON.parse(readFileSync(0, 'utf8'))
const said = { offsets: [], error: null }

const run = (more) => new Promise((done) => {
  const source = stream ? createReadStream(file) : readFileSync(file)
  const upload = new Upload(source, {
    endpoint: url,
    retryDelays: [100, 200, 400, 800, 1600, 3200],
    ...options,
    ...more,
    onChunkComplete: (size, offset) => {
      said.offsets.push(offset)
      if (more.pause && offset >= more.pause) upload.abort().then(() => done(upload.url))
    },
    onError: (error) => { said.error = String(error); done(upload.url) },
    onSuccess: () => done(upload.url),
  })
  upload.start()
})

said.location = await run({ pause })
if (pause && !said.error) said.location = await run({ uploadUrl: said.location })
console.log(JSON.stringify(said))
