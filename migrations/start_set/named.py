"""One name in the four languages of the interface."""


def named(ru: str, uz_latn: str, uz_cyrl: str, en: str) -> dict[str, str]:
    return {"ru": ru, "uz_Latn": uz_latn, "uz_Cyrl": uz_cyrl, "en": en}
