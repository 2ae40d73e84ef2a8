// htmx as the field uses it: no eval, no history of its own, no request for a page; `show` answers those.
import htmx from 'htmx.org'

Object.assign(htmx.config, {
  historyEnabled: false, historyCacheSize: 0, allowEval: false, allowScriptTags: false, selfRequestsOnly: true,
  includeIndicatorStyles: false, attributesToSettle: [], defaultSwapStyle: 'innerHTML', scrollBehavior: 'instant',
})

/** hx-get under /m/ becomes show(url, {push}); any other verb is refused: pages write through the outbox only. */
export function answerFromPack(show) {
  let api
  htmx.defineExtension('pack', {
    init: (given) => { api = given },
    onEvent(name, { detail }) {
      if (name !== 'htmx:beforeRequest') return true
      const { requestConfig, elt, pathInfo } = detail
      const path = pathInfo?.finalRequestPath ?? requestConfig.path
      if (requestConfig.verb === 'get' && path.startsWith('/m/')) {
        show(path, { push: api.getClosestAttributeValue(elt, 'hx-push-url') !== 'false' })
      }
      return false
    },
  })
}

export default htmx
