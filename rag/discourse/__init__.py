"""Who says what in a text, and whom its pronouns mean: rules over words, marks and capitals."""
