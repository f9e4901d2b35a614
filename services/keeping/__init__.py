"""For those who keep the words: vocabularies, statutory wordings and places, with what uses each."""
