// What is signed on the glass, and the pages that lead there, as one part of the script (field.js fetches it); registers itself once.
import * as agree from './agree.js'
import * as companion from './companion.js'
import * as cards from './cards.js'
import * as papers from './papers.js'
import * as permit from './permit.js'
import * as safety from './safety.js'
import * as sign from './sign.js'
import * as statement from './statement.js'

statement.register()
agree.register()
sign.register()
permit.register()
companion.register()
safety.register()
cards.register()
papers.register()
