"""Texts: their words and base forms, under what each is found, and what files say. Pure."""
