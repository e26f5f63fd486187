"""EMA Avails (MovieLabs): what a licensor offers, window by window, as a workbook (1.7 to 1.9) or as XML (2.2 to 2.7).

Both forms say the same and are read into one model, `model.Avail`: a title by its ALID, with a `Line` for every window, whose
cells go by the column names of the workbook. `mapping` makes a `Record` of an avail, `offers` makes lines of what a work may be
licensed for, and lines that came with a file go out again as they came for as long as they still hold.
"""
