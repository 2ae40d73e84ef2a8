"""Which build of the field client is older than the least that the office allows. Twin of offline/build.js."""


def older(build: str, least: str) -> bool:
    """ "0.2.0+1a2b3c4d5e6f" against "0.3", number by number. What has no version came before there were any."""
    if not least or not build or build == "dev":
        return False
    version, plus, _hash = build.partition("+")
    if not plus:
        return True
    own, wanted = ([int(part) for part in text.split(".") if part.isdecimal()] for text in (version, least))
    length = max(len(own), len(wanted))
    return own + [0] * (length - len(own)) < wanted + [0] * (length - len(wanted))
