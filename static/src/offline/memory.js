// What stands in for the store where the browser keeps nothing. It is gone with the page, so nothing is captured into it.

/** `stores` as in db.js; has of `idb` what we use. */
export function memory(stores) {
  const kept = Object.fromEntries(Object.keys(stores).map((name) => [name, new Map()]))
  const store = (name) => {
    const { keyPath } = stores[name]
    const rows = kept[name]
    const all = (index, value) => [...rows.values()].filter((row) => value === undefined || row[index] === value)
    const cursor = ([row, ...rest]) => row && {
      value: row, delete: async () => rows.delete(row[keyPath]), continue: async () => cursor(rest) ?? null,
    }
    const by = (index) => ({
      getAll: async (value) => all(index, value), count: async (value) => all(index, value).length,
      getAllKeys: async (value) => all(index, value).map((row) => row[keyPath]), openCursor: async (value) => cursor(all(index, value)) ?? null,
    })
    return {
      ...by(), index: by, get: async (key) => rows.get(key), delete: async (key) => { rows.delete(key) },
      put: async (row, key) => { rows.set(keyPath ? row[keyPath] : key, row) },
    }
  }
  const through = (verb) => (name, ...rest) => store(name)[verb](...rest)
  const indexed = (verb) => (name, index, ...rest) => store(name).index(index)[verb](...rest)
  return {
    get: through('get'), put: through('put'), delete: through('delete'), getAll: through('getAll'), count: through('count'), getAllKeys: through('getAllKeys'),
    getAllFromIndex: indexed('getAll'), getAllKeysFromIndex: indexed('getAllKeys'), countFromIndex: indexed('count'),
    transaction: (names) => ({ store: store([names].flat()[0]), objectStore: store, done: Promise.resolve(), abort() {} }),
  }
}
