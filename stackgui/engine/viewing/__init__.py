"""Looking at stacks and at other arrays of pictures: single rows, thumbnails, and what is searched for.

Nothing here changes a stack, and nothing costs more for more rows but a search.
"""
