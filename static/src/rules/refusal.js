// The one way a rule says no. Twin of agreements/rules/refusal.py.

export class Refused extends Error {
  constructor(code, params = {}) {
    super(code)
    this.name = 'Refused'
    this.code = code
    this.params = params
  }
}

export const count = (value) => Number.isSafeInteger(value) && value >= 0
