"""English, in one place: its closed classes of words, sentences, quotations, phrases, who speaks, what a sentence leans on."""
