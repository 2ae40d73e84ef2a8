// The front-end build: static/src, static/css and static/icons become static/dist, each file with its hash in the name.
// Everything is made in memory first; a build that fails leaves the old one alone.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, copyFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'

const root = join(fileURLToPath(import.meta.url), '../..')
const at = (...parts) => join(root, ...parts)
const dist = at('static/dist')
const URLS = '/static/dist/'
const FONTS = {
  'NotoSansSC-400.ttf': 'node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  'NotoSansSC-700.ttf': 'node_modules/@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
  'NotoSansJP-400.ttf': 'node_modules/@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf',
  'NotoSansJP-700.ttf': 'node_modules/@expo-google-fonts/noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf',
  'NotoSansHK-400.ttf': 'node_modules/@expo-google-fonts/noto-sans-hk/400Regular/NotoSansHK_400Regular.ttf',
  'NotoSansHK-700.ttf': 'node_modules/@expo-google-fonts/noto-sans-hk/700Bold/NotoSansHK_700Bold.ttf',
  'NotoSans-400.ttf': 'node_modules/@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  'NotoSans-700.ttf': 'node_modules/@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
}
// What the shell is drawn from besides the bundles: when it changes, the phone must fetch the shell again.
const SHELL = ['templates/base.html', 'templates/field.html', 'locale/zh_Hans/LC_MESSAGES/django.po', 'package-lock.json']

const files = (folder) => readdirSync(at(folder), { recursive: true }).map((name) => join(folder, name))
  .filter((path) => statSync(at(path)).isFile()).sort()
const sha256 = (...chunks) => chunks.reduce((hash, chunk) => hash.update(chunk), createHash('sha256')).digest('hex')

/**
 * One name for all that goes in, "0.1.0+" and 12 hex: the phone reports it in every event, and a new one replaces the
 * shell. The version is what MINIMUM_BUILD is compared with; raise it in package.json with every release.
 */
function buildName() {
  const paths = ['static/src', 'static/css', 'static/icons'].flatMap(files).concat(SHELL.filter((path) => existsSync(at(path))))
  const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
  return `${version}+${sha256(...paths.flatMap((path) => [path, readFileSync(at(path))])).slice(0, 12)}`
}

/** htmx without `eval`: our policy forbids it, and its mere presence keeps esbuild from renaming (61 → 48 kB). */
const EVALS = [
  ['return eval(str)', 'return undefined'],
  ['return Function(conditionalSource)()', 'return null'],
  ["func = new Function('event', code)", 'func = () => {}'],
  ["return Function('event', 'return (' + str + ')').call(elt, event)", 'return {}'],
  ["return Function('return (' + str + ')').call(elt)", 'return {}'],
]
const htmxWithoutEval = {
  name: 'htmx-without-eval',
  setup(build) {
    build.onLoad({ filter: /htmx\.esm\.js$/ }, ({ path }) => {
      let text = readFileSync(path, 'utf8')
      for (const [from, to] of EVALS) {
        if (text.split(from).length !== 2) throw new Error(`htmx has changed: "${from}" should stand in it once`)
        text = text.replace(from, () => to)
      }
      if (/\beval\(|\bFunction\(/.test(text)) throw new Error('htmx has changed: an eval is left in it')
      return { contents: text, loader: 'js' }
    })
  },
}

/** The sentences travel as data: one file, fetched once and kept beside the bundle. */
const sentencesApart = {
  name: 'sentences-apart',
  setup(build) {
    build.onLoad({ filter: /src[\\/]sentences\.js$/ }, () => ({ contents: 'export const SENTENCES = null', loader: 'js' }))
  },
}

async function sentences() {
  const { SENTENCES } = await import(pathToFileURL(at('static/src/sentences.js')))
  const contents = Buffer.from(JSON.stringify(SENTENCES))
  return { name: `sentences-${sha256(contents).slice(0, 8).toUpperCase()}.json`, contents }
}

const common = { bundle: true, minify: true, write: false, target: 'es2022', charset: 'utf8', legalComments: 'none', logLevel: 'warning', absWorkingDir: root }

/** Bundles by plain name: {"field.js": {name: "field-1A2B3C4D.js", contents}}; parts of a script that is split keep theirs. */
async function bundles(entries, { define, split = false } = {}) {
  const made = await esbuild.build({
    ...common, entryPoints: entries.map((path) => at(path)), outdir: dist, entryNames: '[name]-[hash]', chunkNames: 'part-[hash]',
    format: split ? 'esm' : 'iife', splitting: split, define, plugins: [htmxWithoutEval, sentencesApart],
  })
  return Object.fromEntries(made.outputFiles.map(({ path, contents }) =>
    [basename(path).replace(/^(?!part-)(.*)-[A-Z0-9]{8}\./, '$1.'), { name: basename(path), contents }]))
}

/** One sprite: icons.json names drawings of Lucide ({"ours": "lucide-name"} or ["lucide-name"]); our own lie beside it as SVG. */
function sprite() {
  const listed = existsSync(at('static/icons/icons.json')) ? JSON.parse(readFileSync(at('static/icons/icons.json'), 'utf8')) : {}
  const named = Array.isArray(listed) ? Object.fromEntries(listed.map((name) => [name, name])) : listed
  const sources = Object.entries(named).map(([ours, theirs]) => [ours, at('node_modules/lucide-static/icons', `${theirs}.svg`)])
    .concat(files('static/icons').filter((path) => path.endsWith('.svg')).map((path) => [basename(path, '.svg'), at(path)]))
  const symbols = sources.sort().map(([id, path]) => {
    const [, attributes, inner] = readFileSync(path, 'utf8').match(/<svg([^>]*)>([\s\S]*)<\/svg>/)
    const kept = [...attributes.matchAll(/(viewBox|fill|stroke[a-z-]*)="[^"]*"/g)].map(([attribute]) => attribute).join(' ')
    return `<symbol id="${id}" ${kept}>${inner.replace(/\s+/g, ' ').trim()}</symbol>`
  })
  const contents = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`)
  return { name: `icons-${sha256(contents).slice(0, 8).toUpperCase()}.svg`, contents }
}

const write = (path, contents) => {
  if (existsSync(path) && Buffer.compare(readFileSync(path), contents) === 0) return
  writeFileSync(`${path}.new`, contents)
  renameSync(`${path}.new`, path)
}

async function main() {
  const started = performance.now()
  const build = buildName()
  const said = await sentences()
  const define = { __BUILD__: JSON.stringify(build), __SENTENCES__: JSON.stringify(URLS + said.name) }
  const scripts = ['office', 'portal'].map((name) => `static/src/${name}.js`).filter((path) => existsSync(at(path)))
  const styles = ['field', 'office', 'portal'].map((name) => `static/css/${name}.css`).filter((path) => existsSync(at(path)))
  const field = await bundles(['static/src/field.js'], { define, split: true })
  const verify = await bundles(['static/src/verify.js'], { define, split: true }) // its reader of squares comes only when asked for
  const made = { ...field, ...verify, ...await bundles(scripts, { define }), ...await bundles(styles), 'icons.svg': sprite(), 'sentences.json': said }
  for (const name of ['field.js', 'office.js', 'field.css', 'office.css']) {
    if (!made[name]) throw new Error(`there is no ${name.endsWith('.js') ? 'static/src' : 'static/css'}/${name}`)
  }
  const kept = [...Object.keys(field), 'field.css', 'icons.svg', 'sentences.json'].map((name) => URLS + made[name].name)
    .concat(files('static/icons').filter((path) => path.endsWith('.png')).map((path) => `/${path}`))
  const worker = await esbuild.build({
    ...common, entryPoints: [at('static/src/sw.js')], outfile: join(dist, 'sw.js'), format: 'iife',
    define: { ...define, __ASSETS__: JSON.stringify(kept) },
  })

  mkdirSync(join(dist, 'fonts'), { recursive: true })
  for (const [name, source] of Object.entries(FONTS)) {
    const target = join(dist, 'fonts', name)
    if (!existsSync(target) || statSync(target).size !== statSync(at(source)).size) copyFileSync(at(source), target)
  }
  for (const { name, contents } of Object.values(made)) {
    write(join(dist, name), contents)
    write(join(dist, `${name}.gz`), gzipSync(contents, { level: 9 }))
  }
  write(join(dist, 'sw.js'), worker.outputFiles[0].contents)
  const names = Object.fromEntries(Object.entries(made).map(([plain, { name }]) => [plain, name]))
  write(join(dist, 'manifest.json'), Buffer.from(JSON.stringify({ ...names, build }, null, 1) + '\n'))

  const current = new Set([...Object.values(names).flatMap((name) => [name, `${name}.gz`]), 'sw.js', 'manifest.json', 'fonts'])
  for (const name of readdirSync(dist)) if (!current.has(name)) rmSync(join(dist, name), { force: true, recursive: true })
  const sizes = Object.values(made).map(({ name, contents }) => `${name.replace(/-[A-Z0-9]{8}/, '')} ${(gzipSync(contents).length / 1024).toFixed(1)}`)
  console.log(`build ${build} in ${((performance.now() - started) / 1000).toFixed(1)} s; kB gzipped: ${sizes.join(', ')} (${relative(root, dist)})`)
}

main().catch((error) => {
  console.error(`The front end was not built: ${error.message}`)
  process.exit(1)
})
