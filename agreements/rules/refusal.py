"""The one way a rule says no: a code that a page can explain, and the figures that go with it."""


class Refused(ValueError):
    """`code` such as "schedule.too_many"; `params` are plain values for the sentence shown to people."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
