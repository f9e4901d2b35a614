"""Letters to partners: what was decided, frozen when sent; as a page, as PDF and by mail.

`facts` are what happened on which days, `content` is all that a letter's words need, the words themselves
stand in `templates/letters/<language>/`, `blocks` are their parts, `pdf` sets them, `writing` keeps them.
"""
