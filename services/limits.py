"""How much a document may hold: one table for its checks, its forms and the exchange format.

Far above what anyone writes (the longest text of the demo has 641 letters, its largest document 15,000),
and low enough for whatever is within them to be checked, compared and shown in a moment.
"""

# Letters.
RICH_TEXT = 30_000  # with its tags
LINE = 1_000
ITEM_TEXT = 2_000  # of an item of a list, in one language
DOCUMENT = 600_000  # as JSON, all languages and sections

ITEMS = 200  # of a list
DATES = 200  # of one schedule
DEPTH = 12  # of tags within each other in a rich text
