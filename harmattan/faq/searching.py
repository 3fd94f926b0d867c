"""Whether a text answers what people type, in a word or in a sentence."""

from harmattan.catalogue.rules import fold

_LITTLE = frozenset(
    fold(
        "ai au aux avec ce ces cet cette comment dans de des du elle en est et faire faut il ils je la le"
        " les leur ma mes mon ne nos notre nous on ont ou par pas peut peux pour puis quel quelle qui que sa"
        " se sera serai ses si son sont suis sur ta te tu un une vais vos votre vous"
    ).split()
)
_SHORT = 3


def matches(text: str, words: str) -> bool:
    """Whether every word looked for begins a word of the text; accents and capitals do not count."""
    folded = f" {fold(text)}"
    return all(f" {word}" in folded for word in fold(words).split())


def telling(sentence: str) -> str:
    """The words that say what a sentence is about, each as of one thing: « virements » is « virement »."""
    said = [word for word in fold(sentence).split() if word not in _LITTLE]
    said = [word for word in said if len(word) > 1 or word.isdigit()]
    return " ".join(word.rstrip("sx") if len(word) > _SHORT else word for word in said)
