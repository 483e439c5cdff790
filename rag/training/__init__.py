"""Makes the reader that ships with the package: data, network, training, export, measures.

`python -m rag.training --help` lists the commands; `README.md` beside this file says what was
tried. Nothing outside this package imports it, so the product never loads torch for reading.
"""
