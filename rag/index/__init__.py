"""The stored index: one SQLite file is the source of truth, the FAISS file is derived from it."""
